package latchkey.domain.token;

import java.sql.SQLException;
import java.util.UUID;
import latchkey.domain.token.history.Reply;
import latchkey.domain.token.history.Server.Proof;
import latchkey.domain.token.history.Who;
import latchkey.domain.token.history.Worth;

/// One server of several over one database.
interface Replica {
  Reply refresh(String token, Proof proof, Who who) throws SQLException;

  Worth use(String token, boolean atUserinfo);

  void revoke(String token) throws SQLException;

  void flush() throws SQLException;

  /// Hears that a session changed, and which keys are withdrawn, as a replica does within a second.
  void hear(UUID session);
}
