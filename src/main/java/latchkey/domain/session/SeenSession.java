package latchkey.domain.session;

import org.jspecify.annotations.Nullable;

/// A session in words of its user's language, for pages.
///
/// @param id as it stands in URLs
/// @param title "Element on Firefox"
/// @param client the app's name; null for browsers, and where the app has told none
/// @param deviceId null for a session without a device
/// @param appPassword the name of the one it was opened with, if it was
/// @param signedIn date and time, UTC
/// @param lastActive the same; null if it was never used
/// @param now used within the last minutes
/// @param longAgo not used for months
/// @param address it was last used from, if that is known
/// @param program that used it last, in full
/// @param here whether this browser is asking
public record SeenSession(
    String id,
    SessionKind kind,
    String title,
    @Nullable String client,
    @Nullable String deviceId,
    @Nullable String appPassword,
    String signedIn,
    @Nullable String lastActive,
    boolean now,
    boolean longAgo,
    @Nullable String address,
    @Nullable String program,
    boolean here) {}
