"""mautrix-python as a bot that logs in, and as a bridge that never does.

legacy-mautrix.py bot HOMESERVER USER PASSWORD         logs in, syncs, sends, reads, logs out
legacy-mautrix.py bridge HOMESERVER AS_TOKEN GHOST     registers a ghost, sends as it, gives it a device (MSC4190) and acts as that
legacy-mautrix.py log-in-as HOMESERVER AS_TOKEN GHOST  what old bridges did: m.login.application_service
Prints what it saw as JSON; exits 1 at the first thing that is not as it should be.
"""
import asyncio
import json
import logging
import sys
import time

from mautrix.api import HTTPAPI, Method, Path
from mautrix.appservice import AppServiceAPI
from mautrix.appservice.state_store import ASStateStore
from mautrix.client import Client
from mautrix.client.state_store import MemoryStateStore
from mautrix.errors import MatrixRequestError, MUnknownToken
from mautrix.types import LoginType, RoomCreatePreset

logging.disable(logging.CRITICAL)


class Store(MemoryStateStore, ASStateStore):
    def __init__(self):
        MemoryStateStore.__init__(self)
        ASStateStore.__init__(self)


def bodies(answer, room):
    events = answer.get("rooms", {}).get("join", {}).get(room, {}).get("timeline", {}).get("events", [])
    return [event["content"].get("body") for event in events if event["type"] == "m.room.message"]


async def refusal(call):
    try:
        await call
    except MatrixRequestError as error:
        return [error.http_status, error.errcode]
    raise SystemExit("it was not refused")


async def bot(homeserver, user, password):
    client = Client(base_url=homeserver)
    flows = [str(flow.type) for flow in (await client.get_login_flows()).flows]
    refused = await refusal(client.login(user, password=password + "!"))
    login = await client.login(user, password=password, device_name="The bot on mautrix", device_id="MAUTRIXBOT")
    me = await client.whoami()
    room = await client.create_room(preset=RoomCreatePreset.PRIVATE)
    await client.send_text(room, "good evening")
    read = bodies(await client.sync(timeout=3000), room)
    everywhere = await refusal(client.logout_all())
    token = login.access_token
    await client.logout()
    client.api.token = token
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            await client.whoami()
            await asyncio.sleep(0.2)
        except MUnknownToken:
            break
    report = {"flows": flows, "refused": refused, "user_id": me.user_id, "device_id": me.device_id, "read": read, "logout_all": everywhere}
    report |= {"token": token, "whoami": await refusal(client.whoami())}
    await client.api.session.close()
    return report


async def bridge(homeserver, as_token, ghost):
    service = AppServiceAPI(homeserver, "@bridge_bot:localhost", as_token, log=logging.getLogger("bridge"), state_store=Store())
    intent = service.intent(ghost)
    await intent.ensure_registered()
    room = await intent.create_room()
    event = await intent.send_text(room, "from the other side")
    # A device, as a bridge that encrypts needs it.
    client = Client(mxid=ghost, base_url=homeserver, token=as_token)
    await client.create_device_msc4190("GHOSTDEVICE", "The bridge")
    me = await client.whoami()
    read = bodies(await client.sync(timeout=3000), room)
    client.api.as_device_id = None
    devices = [device["device_id"] for device in (await client.api.request(Method.GET, Path.v3.devices))["devices"]]
    await client.api.request(Method.DELETE, Path.v3.devices["GHOSTDEVICE"])
    left = (await client.api.request(Method.GET, Path.v3.devices))["devices"]
    await client.api.session.close()
    await service.session.close()
    return {"event": event, "user_id": me.user_id, "device_id": me.device_id, "read": read, "devices": devices, "left": left}


async def log_in_as(homeserver, as_token, ghost):
    api = HTTPAPI(base_url=homeserver, token=as_token)
    refused = await refusal(Client(api=api).login(ghost, login_type=LoginType.APPSERVICE))
    await api.session.close()
    return {"refused": refused}


print(json.dumps(asyncio.run(globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:]))))
