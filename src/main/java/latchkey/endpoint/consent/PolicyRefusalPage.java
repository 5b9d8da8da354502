package latchkey.endpoint.consent;

import io.quarkus.qute.TemplateInstance;
import java.util.List;
import latchkey.base.web.Frame;

/// The rules say no: why, whom to ask, and the way back.
record PolicyRefusalPage(
    Frame frame,
    String csrf,
    String grantId,
    String serverName,
    String matrixId,
    String clientName,
    List<String> reasons,
    String cancelUrl)
    implements TemplateInstance {}
