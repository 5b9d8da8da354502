package latchkey.domain.session;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A live session, for the person it belongs to.
///
/// @param client null for a browser and for a legacy app
/// @param deviceId null for a session without a device
/// @param name what its client calls the device, if it says so
/// @param userAgent of its last use that told one
/// @param appPassword the name of the app password it was opened with, if it was
/// @param lastActiveAt the last use that was written down
public record ListedSession(
    UUID id,
    SessionKind kind,
    @Nullable UUID client,
    @Nullable String deviceId,
    @Nullable String name,
    @Nullable String userAgent,
    @Nullable String appPassword,
    Instant createdAt,
    @Nullable Instant lastActiveAt,
    @Nullable String ipAddress) {}
