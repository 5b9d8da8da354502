"""One sign-in as a browser and a client make it.   login.py URL CLIENT[:SECRET] USER PASSWORD [COUNT PARALLEL]
Prints "access_token refresh_token"; with COUNT, how many sign-ins went through and how long one took."""
import base64, hashlib, http.cookiejar, json, re, secrets, sys, time, urllib.error, urllib.parse, urllib.request
from concurrent.futures import ThreadPoolExecutor

URL, CLIENT, USER, PASSWORD = sys.argv[1:5]
CLIENT, _, SECRET = CLIENT.partition(":")
QUOTED = ":".join(map(urllib.parse.quote_plus, (CLIENT, SECRET)))
BASIC = {"Authorization": "Basic " + base64.b64encode(QUOTED.encode()).decode()} if SECRET else {}
REDIRECT = "http://localhost:8095/callback"


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, request, response, code, message, headers, url):
        return None if url.startswith(REDIRECT) else super().redirect_request(request, response, code, message, headers, url)


def sign_in():
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), Stay())
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    device = secrets.token_hex(6).upper()
    query = {"client_id": CLIENT, "redirect_uri": REDIRECT, "response_type": "code", "state": "s", "code_challenge": challenge,
             "code_challenge_method": "S256", "scope": f"urn:matrix:client:api:* urn:matrix:client:device:{device}"}
    page = opener.open(f"{URL}/authorize?" + urllib.parse.urlencode(query))
    for fields in ({"username": USER, "password": PASSWORD}, {}):
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.read().decode()).group(1)
        try:
            page = opener.open(page.url, urllib.parse.urlencode({"csrf": csrf} | fields).encode())
        except urllib.error.HTTPError as redirect:
            code = urllib.parse.parse_qs(urllib.parse.urlsplit(redirect.headers["Location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": CLIENT, "code": code, "redirect_uri": REDIRECT, "code_verifier": verifier}
    answer = exchange(opener, urllib.parse.urlencode(form).encode())
    return answer["access_token"], answer["refresh_token"]


def exchange(opener, form):
    """Many sign-ins of one user wait for one another's device: asked again, as a client does, after 503."""
    for _ in range(20):
        try:
            return json.load(opener.open(urllib.request.Request(f"{URL}/oauth2/token", form, BASIC)))
        except urllib.error.HTTPError as refused:
            if refused.code != 503:
                raise
            time.sleep(float(refused.headers["Retry-After"]))
    raise RuntimeError("still 503 after 20 tries")


if len(sys.argv) > 5:
    count, parallel = int(sys.argv[5]), int(sys.argv[6])
    start = time.time()
    with ThreadPoolExecutor(parallel) as pool:
        done = sum(1 for _ in pool.map(lambda _: sign_in(), range(count)))
    print(f"{done} sign-ins, {parallel} at a time, {time.time() - start:.1f} s")
else:
    print(*sign_in())
