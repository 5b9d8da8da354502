#!/usr/bin/env python3
"""Signs in with w3m, a browser without scripts and styles, as somebody at a terminal would.

text-browser.py URL USERNAME PASSWORD     URL: a client that has a link "Sign in" to a Latchkey
Prints what stands on the screen after each page; exits 1 when something expected does not appear.
"""
import os
import pty
import re
import select
import sys
import time

ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78M])|[\x00-\x08\x0e-\x1f]")
PATIENCE = 20


class Screen:
    def __init__(self, url):
        self.said = ""
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.environ.update(TERM="vt100", LANG="C.UTF-8", LINES="50", COLUMNS="100")
            os.execvp("w3m", ["w3m", "-cookie", "-o", "accept_cookie=1", "-o", "confirm_qq=0",
                              "-o", "auto_image=0", "-o", "display_charset=UTF-8", url])

    def read(self, seconds):
        until = time.time() + seconds
        while time.time() < until:
            if select.select([self.terminal], [], [], 0.1)[0]:
                try:
                    self.said += os.read(self.terminal, 65536).decode("utf-8", "replace")
                except OSError:
                    return

    def wait_for(self, words):
        """Reads until the words stand on the screen, however its lines are broken."""
        pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
        until = time.time() + PATIENCE
        while time.time() < until:
            self.read(0.2)
            shown = ESCAPES.sub(" ", self.said)
            if pattern.search(shown):
                self.read(0.3)
                return
        sys.exit(f"w3m does not show “{words}”, but:\n{ESCAPES.sub(' ', self.said)}")

    def press(self, keys):
        self.said = ""
        os.write(self.terminal, keys.encode())

    def follow(self, tabs):
        """Enter on the link or button that so many presses of Tab lead to, from the top of the page."""
        self.press("g" + "\t" * tabs)
        self.read(0.5)
        self.press("\r")

    def fill(self, tabs, prompt, value):
        self.follow(tabs)
        self.wait_for(prompt)
        self.press(value + "\r")
        self.read(0.5)


def main(url, username, password):
    screen = Screen(url)
    screen.wait_for("A client that knows nobody yet")
    screen.follow(1)
    screen.wait_for("Sign in to continue to Demo client")
    print("the sign-in page")

    screen.fill(1, "TEXT:", username)
    screen.fill(2, "Password:", "wrong")
    screen.follow(3)
    screen.wait_for("do not belong together")
    print("the error")

    screen.fill(2, "Password:", password)
    screen.follow(3)
    screen.wait_for("wants to use your account")
    print("the consent page")

    screen.follow(2)  # past "Use another account"
    screen.wait_for("What this client holds")
    print("back at the client, signed in")
    screen.press("Q")


if __name__ == "__main__":
    main(*sys.argv[1:])
