package latchkey.endpoint.upstream;

import java.util.Map;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.upstream.ProviderMark;
import org.jspecify.annotations.Nullable;

/// Asks somebody who is signed in here whether who they are at a provider belongs to this account.
///
/// @param link its id
/// @param accountName what they recognise their account there by
/// @param taken whether it is another account's: then there is nothing to ask
/// @param cancel where the wish is dropped, below the base
/// @param continuation what leads on from signing out, for who means another account
record UpstreamLinkPage(
    Frame frame,
    String csrf,
    String link,
    String provider,
    ProviderMark mark,
    @Nullable String accountName,
    String matrixId,
    boolean taken,
    String cancel,
    Map<String, String> continuation)
    implements Page {}
