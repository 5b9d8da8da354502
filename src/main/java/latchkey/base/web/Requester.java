package latchkey.base.web;

import org.jspecify.annotations.Nullable;

/// Who sent a request: the address behind the trusted proxies, unknown on a Unix socket, and the
/// `User-Agent`.
public record Requester(@Nullable String ipAddress, @Nullable String userAgent) {}
