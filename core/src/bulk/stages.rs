//! One change, then ten, then the rest: a mistake in a plan shows before it is a thousand. Pure.

/// How many are begun before the first of them must have ended well.
const STAGES: [u32; 2] = [1, 10];

#[derive(Default)]
pub(super) struct Stages {
    stage: usize,
    begun: u32,
    ended: u32,
    well: bool,
}

impl Stages {
    /// Whether one more may be begun.
    pub(super) fn allow(&self) -> bool {
        STAGES.get(self.stage).is_none_or(|most| self.begun < *most)
    }

    pub(super) fn begin(&mut self) {
        self.begun += 1;
    }

    /// One ended; whether the run goes on.
    pub(super) fn end(&mut self, well: bool) -> bool {
        self.ended += 1;
        self.well |= well;
        let Some(size) = STAGES.get(self.stage) else {
            return true;
        };
        if self.ended < *size {
            return true;
        }
        let goes_on = self.well;
        *self = Self {
            stage: self.stage + 1,
            ..Self::default()
        };
        goes_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many are begun while none has ended.
    fn begin_all(stages: &mut Stages) -> u32 {
        let mut count = 0;
        while stages.allow() && count < 100 {
            stages.begin();
            count += 1;
        }
        count
    }

    #[test]
    fn one_then_ten_then_the_rest() {
        let mut stages = Stages::default();
        assert_eq!(begin_all(&mut stages), 1);
        assert!(stages.end(true));
        assert_eq!(begin_all(&mut stages), 10);
        for ended in 1..=10 {
            assert!(stages.end(ended == 3));
            assert_eq!(stages.allow(), ended == 10);
        }
        assert_eq!(begin_all(&mut stages), 100);
        assert!(stages.end(false));
    }

    #[test]
    fn a_stage_without_a_single_success_is_the_last() {
        let mut stages = Stages::default();
        begin_all(&mut stages);
        assert!(!stages.end(false));
        let mut stages = Stages::default();
        stages.begin();
        assert!(stages.end(true));
        begin_all(&mut stages);
        assert!((1..10).all(|_| stages.end(false)));
        assert!(!stages.end(false));
    }
}
