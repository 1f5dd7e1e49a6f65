package partnercenter

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.doubleOrNull

/** An object whose members are sorted by name, as in a canonical line. */
fun json(vararg members: Pair<String, Any?>): JsonObject =
    JsonObject(members.toMap().toSortedMap().mapValues { (_, value) -> element(value) })

/** Both together, sorted. */
fun JsonObject.with(other: Map<String, JsonElement>): JsonObject =
    JsonObject((this + other).toSortedMap())

private fun element(value: Any?): JsonElement =
    when (value) {
        null -> JsonNull
        is JsonElement -> value
        is String -> JsonPrimitive(value)
        is Boolean -> JsonPrimitive(value)
        is Number -> JsonPrimitive(value)
        is Iterable<*> -> JsonArray(value.map(::element))
        else -> error("no JSON value: $value")
    }

/** A member that is text; null where it is missing. */
fun JsonObject.text(name: String): String? = (get(name) as? JsonPrimitive)?.contentOrNull

/** A member that is a number; null where it is missing. */
fun JsonObject.number(name: String): Double? = (get(name) as? JsonPrimitive)?.doubleOrNull
