package latchkey.endpoint.site;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

@Path("/")
@RunOnVirtualThread
public class SiteResource {
  @GET
  public String index() {
    return "hello " + Thread.currentThread();
  }

  @POST
  @Path("/echo")
  public String echo(byte[] body) {
    return "" + body.length;
  }
}
