// The page has one form, with the answer for the client. Without this its button sends it.
document.forms[0].submit();
