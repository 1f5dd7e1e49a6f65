package partnercenter

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class CanonicalTest {
    @Test
    fun `texts are written as the other languages write them`() {
        val text =
            (0..0x1f).joinToString("") { it.toChar().toString() } +
                "\"\\/\u007f\u0085ü\u2028\uFEFF😀<>&'"
        val expected =
            "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r" +
                "\\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018" +
                "\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f\\\"\\\\/\u007f\u0085ü\u2028\uFEFF😀<>&'\""
        assertEquals("{\"a\":$expected}", json("a" to text).toString())
    }
}
