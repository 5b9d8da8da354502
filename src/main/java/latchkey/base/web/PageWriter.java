package latchkey.base.web;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import latchkey.base.web.page.Page;
import latchkey.base.web.page.Templates;

/// Fills the template of a page that a resource answers with.
@Provider
public class PageWriter implements MessageBodyWriter<Page> {
  private final Templates templates;

  PageWriter(Templates templates) {
    this.templates = templates;
  }

  @Override
  public boolean isWriteable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
    return Page.class.isAssignableFrom(type);
  }

  @Override
  public void writeTo(
      Page page,
      Class<?> type,
      Type generic,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, Object> headers,
      OutputStream body)
      throws IOException {
    body.write(templates.render(page).getBytes(StandardCharsets.UTF_8));
  }
}
