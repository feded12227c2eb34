//! A signed call and its answer: one request, or two where the first one's token was refused.

use std::sync::Arc;

use reqwest::StatusCode;
use tokio::time::{Instant, timeout_at};

use super::auth::{Token, Tokens};
use super::call::Call;
use super::counts::CallCounter;
use super::transport::{Answer, Loss, Transport};
use super::{failure, headers};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};

/// Signs calls, sends them and judges what comes back.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) transport: Arc<Transport>,
    pub(super) counter: Arc<CallCounter>,
    pub(super) tokens: Tokens,
    pub(super) clock: Arc<dyn Clock>,
}

impl Exchange {
    /// Sends a call. A refused token proves that the call was not taken: then it is sent again under a new one, once.
    ///
    /// # Errors
    /// [`Loss::NotTaken`] where it is proved that AMC did not act: no token, no connection, no time left to send, or
    /// a refusal by AMC. [`Loss::Unknown`] for everything else.
    pub(super) async fn once(&self, call: &Call) -> Result<Answer, Loss> {
        let deadline = call.limit.map(|limit| Instant::now() + limit);
        let token = self.token(call, None, deadline).await?;
        let mut answer = self.send(call, &token, deadline).await?;
        if self.blames_token(&answer, &token) {
            let token = self.token(call, Some(&token), deadline).await?;
            answer = self.send(call, &token, deadline).await?;
        }
        self.judge(answer, call)
    }

    async fn token(
        &self,
        call: &Call,
        refused: Option<&Token>,
        deadline: Option<Instant>,
    ) -> Result<Token, Loss> {
        let token = self.tokens.token(&call.credential_key, refused);
        let token = match deadline {
            Some(deadline) => timeout_at(deadline, token).await.unwrap_or_else(|_| Err(too_late(call))),
            None => token.await,
        };
        token.map_err(Loss::NotTaken)
    }

    async fn send(&self, call: &Call, token: &Token, deadline: Option<Instant>) -> Result<Answer, Loss> {
        let mut request = call.request();
        headers::sign(request.headers_mut(), &token.client_id, &token.secret).map_err(Loss::NotTaken)?;
        if let Some(deadline) = deadline {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Loss::NotTaken(too_late(call)));
            }
            *request.timeout_mut() = Some(left);
        }
        if call.leave_by.is_some_and(|until| until <= self.clock.now()) {
            return Err(Loss::NotTaken(too_late(call)));
        }
        self.counter.add(call.kind);
        let answer = self.transport.send(request).await?;
        tracing::debug!(
            what = call.what,
            status = answer.status.as_u16(),
            request_id = failure::request_id(&answer.headers),
            "AMC answered"
        );
        Ok(answer)
    }

    /// Amazon documents both 401 and 403 for an expired token; 403 is usually about access.
    fn blames_token(&self, answer: &Answer, token: &Token) -> bool {
        match answer.status {
            StatusCode::UNAUTHORIZED => true,
            StatusCode::FORBIDDEN => token.is_old(self.clock.now()),
            _ => false,
        }
    }

    fn judge(&self, answer: Answer, call: &Call) -> Result<Answer, Loss> {
        let status = answer.status;
        if status.is_success() {
            return Ok(answer);
        }
        let error = failure::error(&answer, "AMC", &call.what, self.clock.now());
        // A request timeout (408) may come from a gateway that had passed the request on.
        let refused = status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT;
        Err(if refused { Loss::NotTaken(error) } else { Loss::Unknown(error) })
    }
}

fn too_late(call: &Call) -> Error {
    Error::new(
        ErrorKind::Timeout,
        "token_timeout",
        format!(
            "no token came in time to ask AMC {}, or this program stood still; nothing was sent",
            call.what
        ),
    )
}
