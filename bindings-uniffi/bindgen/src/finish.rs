//! What the generator does not do. Each step must find exactly the text that it was made for, so
//! that a new generator cannot lose one unseen.

/// Replaces `old`, which must be there `times` times, or at least once where that is none.
fn replaced(text: &str, old: &str, new: &str, times: Option<usize>) -> Result<String, String> {
    let found = text.matches(old).count();
    if times.map_or(found == 0, |times| times != found) {
        return Err(format!("found {found} times, not {times:?}: {old}"));
    }
    Ok(text.replace(old, new))
}

/// The generator breaks lines with spaces at their ends.
fn trimmed(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines.join("\n") + "\n"
}

/// An exception's message is the library's own text, and not a list of its fields; each has its
/// `failure`; nothing is sent for a coroutine that was cancelled before; whatever a callback throws
/// reaches the library by its name, which would else take what was never returned for the answer; an
/// object that was closed is no argument; and the library's threads stay known to the JVM until they
/// end.
pub fn kotlin(text: String) -> Result<String, String> {
    let text = replaced(
        &text,
        "    try {\n        do {\n            val pollResult",
        "    try {\n        kotlin.coroutines.coroutineContext.ensureActive()\n        do {\n            \
         val pollResult",
        Some(1),
    )?;
    let text = replaced(
        &text,
        "import kotlinx.coroutines.launch\n",
        "import kotlinx.coroutines.ensureActive\nimport kotlinx.coroutines.launch\n",
        Some(1),
    )?;
    let text = replaced(
        &text,
        "        writeReturn(makeCall())\n    } catch(e: kotlin.Exception) {",
        "        writeReturn(makeCall())\n    } catch(e: Throwable) {",
        Some(2),
    )?;
    // The text of what a callback throws may hold a token: its type is told.
    let text = replaced(
        &text,
        "val err = try { e.stackTraceToString() } catch(_: Throwable) { \"\" }",
        "val err = e.javaClass.name",
        Some(2),
    )?;
    // What was closed meanwhile is freed: to clone its handle needs the counter, as a call does.
    let text = replaced(
        &text,
        "return value.uniffiCloneHandle()",
        "return value.callWithHandle { it }",
        None,
    )?;
    // A duration that is none is refused by the library, which has the error for it.
    let text = replaced(
        &text,
        "        if (value.seconds < 0) {\n            // Rust does not support negative \
         Durations\n            throw IllegalArgumentException(\"Invalid duration, must be \
         non-negative\")\n        }\n",
        "        val value = if (value.isNegative) java.time.Duration.ZERO else value\n",
        Some(1),
    )?;
    let text = replaced(
        &text,
        "sealed class PartnerCenterException: kotlin.Exception() {\n",
        "sealed class PartnerCenterException: kotlin.Exception() {\n    /**\n     * All that is \
         known.\n     */\n    abstract val failure: Failure\n",
        Some(1),
    )?;
    let text = replaced(
        &text,
        "        val `failure`: Failure\n        ) : PartnerCenterException() {",
        "        override val `failure`: Failure\n        ) : PartnerCenterException() {",
        None,
    )?;
    let (text, callbacks) = known(&text);
    if callbacks == 0 || callbacks != text.matches("override fun callback(").count() {
        return Err(format!("{callbacks} callbacks make their threads known"));
    }
    let (text, messages) = spoken(&text);
    if messages == 0 {
        return Err("no exception has a message".to_owned());
    }
    Ok(trimmed(&text))
}

/// The text in which each callback makes the thread that calls it known to the JVM, and how many
/// there were. Else the thread would keep a JVM alive whose `main` has ended, and would be detached
/// after each call, even of one inside another; also, that costs as much as the call itself.
fn known(text: &str) -> (String, usize) {
    let callbacks: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("internal interface "))
        .filter_map(|line| line.strip_suffix(" : com.sun.jna.Callback {"))
        .collect();
    let mut objects = 0;
    let mut finished = String::new();
    for line in text.lines() {
        finished.push_str(line);
        finished.push('\n');
        let object = line
            .split_once(" object ")
            .and_then(|(_, object)| object.strip_suffix(" {")?.split_once(": "));
        if object.is_some_and(|(_, kind)| callbacks.contains(&kind)) {
            let indent = &line[..line.len() - line.trim_start().len()];
            finished.push_str(indent);
            finished.push_str("    init {\n");
            finished.push_str(indent);
            finished.push_str(
                "        Native.setCallbackThreadInitializer(this, \
                 com.sun.jna.CallbackThreadInitializer(true, false, \"partner-center\"))\n",
            );
            finished.push_str(indent);
            finished.push_str("    }\n\n");
            objects += 1;
        }
    }
    (finished, objects)
}

/// The text in which each exception's message is its `toString()`, and how many there were.
fn spoken(text: &str) -> (String, usize) {
    let mut messages = 0;
    let mut finished = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        finished.push_str(line);
        if line.trim() == "override val message" {
            finished.push_str(": kotlin.String\n            get() = toString()");
            // The list of its fields.
            lines.next();
            messages += 1;
        }
        finished.push('\n');
    }
    (finished, messages)
}

/// A cancelled Task cancels the call: the Rust future is dropped, and the caller gets
/// `CancellationError`. A call begins where `seen` shows whose provider makes it. An error has the
/// members of its `failure`.
pub fn swift(text: String) -> Result<String, String> {
    let text = replaced(
        &text,
        "fatalError(\"Cancellation not supported yet\")",
        "throw CancellationError()",
        Some(1),
    )?;
    let text = replaced(
        &text,
        "    freeFunc: (UInt64) -> (),\n    liftFunc: (F) throws -> T,",
        "    freeFunc: (UInt64) -> (),\n    cancelFunc: @escaping @Sendable (UInt64) -> (),\n    \
         liftFunc: (F) throws -> T,",
        Some(1),
    )?;
    let text = replaced(
        &text,
        "        pollResult = await withUnsafeContinuation {\n",
        "        pollResult = await withTaskCancellationHandler { await withUnsafeContinuation {\n",
        Some(1),
    )?;
    let text = replaced(
        &text,
        "            pollFunc(\n",
        "            let continuation = $0\n            seen { pollFunc(\n",
        Some(1),
    )?;
    let text = replaced(
        &text,
        "public \nenum PartnerCenterError: ",
        "@dynamicMemberLookup\npublic\nenum PartnerCenterError: ",
        Some(1),
    )?;
    let text = replaced(
        &text,
        "                uniffiContinuationHandleMap.insert(obj: $0)\n            )\n        }\n",
        "                uniffiContinuationHandleMap.insert(obj: continuation)\n            ) }\n        } } \
         onCancel: {\n            cancelFunc(rustFuture)\n        }\n",
        Some(1),
    )?;
    // A duration that is none is refused by the library, and does not end the process.
    let text = replaced(
        &text,
        "        if value.rounded(.down) > Double(Int64.max) {\n            fatalError(\"Duration \
         overflow, exceeds max bounds supported by Uniffi\")\n        }\n\n        if value < 0 \
         {\n            fatalError(\"Invalid duration, must be non-negative\")\n        }\n",
        "        let value = value > 0 ? min(value, 9.0e15) : 0\n",
        Some(1),
    )?;
    // Nor does a date: one in no year is far off, or long ago.
    let text = replaced(
        &text,
        "        if delta.rounded(.down) > Double(Int64.max) {\n            fatalError(\"Timestamp \
         overflow, exceeds max bounds supported by Uniffi\")\n        }\n",
        "        delta = delta > 0 ? min(delta, 9.0e15) : 0\n",
        Some(1),
    )?;
    // The text of what a callback throws may hold a token: its type is told.
    let text = replaced(
        &text,
        "String(describing: error)",
        "String(describing: type(of: error))",
        None,
    )?;
    // The generator compares nothing that holds an object; a `Secret` is compared by its text.
    let text = ["ValidationCode", "ValidationCodes", "FoundValidationCode"]
        .iter()
        .try_fold(text, |text, name| {
            let old = format!("public struct {name} {{");
            let new = format!("public struct {name}: Equatable, Hashable {{");
            replaced(&text, &old, &new, Some(1))
        })?;
    let (text, calls) = cancellable(&text);
    // Each call that awaits hands over how it is cancelled.
    if calls == 0 || calls != text.matches("completeFunc: ffi_").count() {
        return Err(format!("{calls} calls were made cancellable"));
    }
    // A call that cannot throw has no way to say that it was cancelled.
    if text.contains(")async  -> ") {
        return Err("an async call cannot throw".to_owned());
    }
    Ok(trimmed(&text))
}

/// The text with a cancelling function after each freeing one, and how many there were.
fn cancellable(text: &str) -> (String, usize) {
    let mut calls = 0;
    let mut finished = String::new();
    for line in text.split_inclusive('\n') {
        finished.push_str(line);
        let code = line.trim_start();
        if let Some(function) = code.strip_prefix("freeFunc: ffi_") {
            let indent = line.len() - code.len();
            let function = function.replacen("_rust_future_free_", "_rust_future_cancel_", 1);
            finished.push_str(&" ".repeat(indent));
            finished.push_str("cancelFunc: ffi_");
            finished.push_str(&function);
            calls += 1;
        }
    }
    (finished, calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generator_with_another_text_fails() {
        assert!(kotlin("class A".to_owned()).is_err());
        assert!(swift("class A".to_owned()).is_err());
        assert!(replaced("a b a", "a", "c", Some(1)).is_err());
    }

    #[test]
    fn each_callback_makes_its_thread_known() {
        let text = "internal interface Free : com.sun.jna.Callback {\n}\nobject A {\n    internal \
                    object free: Free {\n        override\n    }\n    object other: Other \
                    {\n    }\n}\n";
        let (finished, objects) = known(text);
        let made = "    internal object free: Free {\n        init {\n            \
                    Native.setCallbackThreadInitializer(this, ";
        assert!(finished.contains(made), "{finished}");
        assert_eq!((finished.matches("init {").count(), objects), (1, 1));
    }

    #[test]
    fn a_message_is_the_text_of_its_exception() {
        let text = "    override val message\n        get() = \"failure=${ `failure` }\"\n}\n";
        let (finished, messages) = spoken(text);
        let expected =
            "    override val message: kotlin.String\n            get() = toString()\n}\n";
        assert_eq!((finished.as_str(), messages), (expected, 1));
    }
}
