"""A bot on matrix-nio, which knows no OAuth: each verb is a start of it.

legacy-nio.py begin HOMESERVER FOLDER USER PASSWORD   logs in (after a wrong password), makes an encrypted room, sends and reads
legacy-nio.py again HOMESERVER FOLDER                 goes on with the token it has kept
legacy-nio.py leave HOMESERVER FOLDER                 logs out, and tries the token once more
legacy-nio.py sign-in HOMESERVER FOLDER USER PASSWORD only tries to log in
Prints what it saw as JSON; exits 1 at the first thing that is not as it should be.
"""
import asyncio
import json
import logging
import sys
import time
from pathlib import Path

import nio

ENCRYPTED = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
logging.getLogger("nio").setLevel(logging.CRITICAL)  # it warns of every refusal


def expect(kind, answer):
    if not isinstance(answer, kind):
        raise SystemExit(f"expected {kind.__name__}, got {answer!r}")
    return answer


class Bot:
    def __init__(self, homeserver, folder, user=""):
        self.kept = Path(folder) / "session.json"
        config = nio.AsyncClientConfig(encryption_enabled=True, store_sync_tokens=True)
        self.client = nio.AsyncClient(homeserver, user, store_path=folder, config=config)
        self.read = []
        self.client.add_event_callback(lambda _, event: self.read.append(event.body), nio.RoomMessageText)

    def restore(self):
        session = json.loads(self.kept.read_text())
        self.client.restore_login(session["user_id"], session["device_id"], session["access_token"])
        return session

    async def sync(self, **more):
        return expect(nio.SyncResponse, await self.client.sync(timeout=3000, **more))

    async def say(self, room, body):
        content = {"msgtype": "m.text", "body": body}
        expect(nio.RoomSendResponse, await self.client.room_send(room, "m.room.message", content, ignore_unverified_devices=True))

    async def begin(self, password):
        flows = expect(nio.LoginInfoResponse, await self.client.login_info()).flows
        refused = expect(nio.LoginError, await self.client.login(password + "!"))
        login = expect(nio.LoginResponse, await self.client.login(password, device_name="The bot on nio"))
        await self.client.sync(timeout=0, full_state=True)
        room = expect(nio.RoomCreateResponse, await self.client.room_create(initial_state=ENCRYPTED)).room_id
        await self.sync()
        await self.say(room, "first")
        await self.sync()
        session = {"user_id": login.user_id, "device_id": login.device_id, "access_token": login.access_token, "room": room}
        self.kept.write_text(json.dumps(session))
        return {"flows": flows, "refused": [refused.status_code, refused.message], "encrypted": self.client.rooms[room].encrypted, **session}

    async def again(self):
        session = self.restore()
        me = expect(nio.WhoamiResponse, await self.client.whoami())
        await self.sync(full_state=True)
        await self.say(session["room"], "second")
        await self.sync()
        before = expect(nio.RoomMessagesResponse, await self.client.room_messages(session["room"], limit=20))
        said = [event.body for event in reversed(before.chunk) if isinstance(event, nio.RoomMessageText)]
        return {"user_id": me.user_id, "device_id": me.device_id, "said": said}

    async def leave(self):
        self.restore()
        token = self.client.access_token
        expect(nio.LogoutResponse, await self.client.logout())
        self.client.access_token = token
        until = time.monotonic() + 10
        while not isinstance(answer := await self.client.whoami(), nio.WhoamiError) and time.monotonic() < until:
            await asyncio.sleep(0.2)
        return {"whoami": expect(nio.WhoamiError, answer).status_code, "logout": (await self.client.logout()).status_code}

    async def sign_in(self, password):
        answer = await self.client.login(password)
        refused = isinstance(answer, nio.LoginError)
        return {"refused": [answer.status_code, answer.soft_logout]} if refused else {"device_id": answer.device_id}


async def main(verb, homeserver, folder, user="", *words):
    bot = Bot(homeserver, folder, user)
    try:
        report = await getattr(bot, verb.replace("-", "_"))(*words)
        print(json.dumps({"read": bot.read, **report}))
    finally:
        await bot.client.close()


asyncio.run(main(*sys.argv[1:]))
