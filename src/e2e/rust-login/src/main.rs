//! Native OIDC login of matrix-rust-sdk: prints the authorize URL, reads the callback URL from standard input,
//! then whoami, sync, refresh and, over https, logout.      rust-login HOMESERVER_URL REDIRECT_URI
use std::io::{BufRead, stdin};

use anyhow::{Context, Result, ensure};
use matrix_sdk::{
    Client,
    authentication::oauth::registration::{ApplicationType, ClientMetadata, Localized, OAuthGrantType},
    config::SyncSettings,
    ruma::serde::Raw,
};
use url::Url;

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let homeserver = args.next().context("HOMESERVER_URL")?;
    let redirect = Url::parse(&args.next().unwrap_or_else(|| "http://localhost:8095/callback".into()))?;
    let client = Client::builder().homeserver_url(&homeserver).handle_refresh_tokens().build().await?;
    let oauth = client.oauth();
    let server = oauth.server_metadata().await?;
    println!("issuer {}", server.issuer);

    let mut registered = redirect.clone();
    registered.set_port(None).ok(); // native clients register loopback without a port
    let mut metadata = ClientMetadata::new(
        ApplicationType::Native,
        vec![OAuthGrantType::AuthorizationCode { redirect_uris: vec![registered] }, OAuthGrantType::DeviceCode],
        Localized::new(Url::parse("https://peer.example.com/")?, None),
    );
    metadata.client_name = Some(Localized::new("Real peer".to_owned(), None));
    let login = oauth.login(redirect, None, Some(Raw::new(&metadata)?.into()), None).build().await?;
    println!("url {}", login.url);

    let mut callback = String::new();
    stdin().lock().read_line(&mut callback)?;
    oauth.finish_login(Url::parse(callback.trim())?.into()).await?;
    let me = client.whoami().await?;
    ensure!(me.device_id.as_deref() == client.device_id(), "device id differs: {me:?}");
    client.sync_once(SyncSettings::default()).await?;
    let before = client.session_tokens().context("no tokens")?;
    oauth.refresh_access_token().await?;
    let after = client.session_tokens().context("no tokens")?;
    ensure!(before.refresh_token != after.refresh_token, "refresh token was not rotated");
    client.whoami().await?;
    if server.revocation_endpoint.scheme() == "https" {
        client.logout().await?; // the SDK refuses to revoke over plain http
    }
    println!("ok {} {}", me.user_id, me.device_id.context("no device")?);
    Ok(())
}
