//! What the thread that works asks the one that waits.

use std::time::Instant;

use super::{Control, State};
use crate::credential::{AccessToken, TokenFailure, TokenProviderError, TokenRequest};

/// What the thread that waits is asked for.
pub(crate) enum Question {
    Token(TokenRequest),
    /// To keep a new refresh token.
    Keep(String),
}

pub(crate) enum Answer {
    Token(Result<AccessToken, TokenProviderError>),
    Kept(Result<(), TokenProviderError>),
}

impl State {
    /// A question for the waiting thread, once.
    pub(crate) fn take_question(&mut self) -> Option<Question> {
        let (number, question) = self.question.take()?;
        self.taken = number;
        Some(question)
    }
}

impl Control {
    /// Asks the waiting thread for a token.
    pub(crate) fn ask_token(
        &self,
        request: TokenRequest,
        deadline: Instant,
    ) -> Result<AccessToken, TokenFailure> {
        match self.ask(Question::Token(request), deadline)? {
            Answer::Token(token) => token.map_err(TokenFailure::Provider),
            Answer::Kept(_) => Err(TokenFailure::Provider(unanswered())),
        }
    }

    /// Asks the waiting thread to keep a new refresh token.
    pub(crate) fn ask_to_keep(
        &self,
        token: &str,
        deadline: Instant,
    ) -> Result<Result<(), TokenProviderError>, TokenFailure> {
        match self.ask(Question::Keep(token.to_owned()), deadline) {
            Ok(Answer::Kept(kept)) => Ok(kept),
            Ok(Answer::Token(_)) => Ok(Err(unanswered())),
            Err(TokenFailure::Provider(nobody)) => Ok(Err(nobody)),
            Err(failure) => Err(failure),
        }
    }

    fn ask(&self, question: Question, deadline: Instant) -> Result<Answer, TokenFailure> {
        let asker = self.asker();
        if asker.lock().unattended {
            return Err(TokenFailure::Provider(unanswered()));
        }
        let number = asker.update(|state| {
            state.asked += 1;
            state.question = Some((state.asked, question));
            state.asked
        });
        let mut state = asker.lock();
        loop {
            if state.cancelled {
                return Err(TokenFailure::Cancelled);
            }
            if let Some((_, answer)) = state.answer.take_if(|(to, _)| *to == number) {
                return Ok(answer);
            }
            let left = self.call.clock.left(deadline);
            if left.is_zero() {
                state.question = None;
                return Err(TokenFailure::Timeout);
            }
            state = asker.wait(state, left);
        }
    }

    /// The answer to the question that was last taken.
    pub(crate) fn answer(&self, answer: Answer) {
        self.update(|state| state.answer = Some((state.taken, answer)));
    }
}

/// The answer where no thread is there to be asked.
pub(crate) fn unanswered() -> TokenProviderError {
    TokenProviderError("nobody answers for this call's credential; wait for it with step()".into())
}
