/// JSON as the fixtures and the canonical lines have it: members sorted, whole numbers, and only
/// those characters escaped that must be. Foundation's own writes slashes and numbers otherwise.
enum JSON: Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    case decimal(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(_ text: String?) { self = text.map(JSON.string) ?? .null }
    init(_ flag: Bool?) { self = flag.map(JSON.bool) ?? .null }
    init(_ number: (some BinaryInteger)?) { self = number.map { .number(Int64($0)) } ?? .null }

    subscript(name: String) -> JSON {
        guard case .object(let members) = self else { return .null }
        return members[name] ?? .null
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }
    var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    var int: Int64? { if case .number(let number) = self { number } else { nil } }
    var array: [JSON] { if case .array(let items) = self { items } else { [] } }
    var object: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
    var isNull: Bool { if case .null = self { true } else { false } }

    var double: Double? {
        switch self {
        case .number(let number): Double(number)
        case .decimal(let number): number
        default: nil
        }
    }

    /// All of it in one line.
    var text: String {
        var out: [UInt8] = []
        write(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let flag): out += (flag ? "true" : "false").utf8
        case .number(let number): out += String(number).utf8
        case .decimal(let number): out += String(number).utf8
        case .string(let text): JSON.write(text, to: &out)
        case .array(let items):
            out.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                item.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                JSON.write(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out += "\\\"".utf8
            case UInt8(ascii: "\\"): out += "\\\\".utf8
            case 0x08: out += "\\b".utf8
            case 0x09: out += "\\t".utf8
            case 0x0a: out += "\\n".utf8
            case 0x0c: out += "\\f".utf8
            case 0x0d: out += "\\r".utf8
            case 0..<0x20: out += ((byte < 16 ? "\\u000" : "\\u00") + String(byte, radix: 16)).utf8
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}

extension JSON: Equatable {
    /// Texts are equal byte for byte, which Swift's own are not asked to be.
    static func == (one: JSON, other: JSON) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.string(let one), .string(let other)): one.utf8.elementsEqual(other.utf8)
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        default: one.double != nil && one.double == other.double
        }
    }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral items: JSON...) { self = .array(items) }
    init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(Dictionary(uniqueKeysWithValues: members))
    }
    init(stringLiteral text: String) { self = .string(text) }
    init(integerLiteral number: Int64) { self = .number(number) }
    init(booleanLiteral flag: Bool) { self = .bool(flag) }
}

extension JSON {
    struct Malformed: Error {
        let at: Int
    }

    init(parsing text: String) throws {
        var reader = Reader(bytes: Array(text.utf8))
        self = try reader.value()
        reader.skipSpace()
        guard reader.at == reader.bytes.count else { throw reader.malformed }
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        var malformed: Malformed { Malformed(at: at) }
        var next: UInt8 { at < bytes.count ? bytes[at] : 0 }

        mutating func skipSpace() {
            while [0x20, 0x0a, 0x0d, 0x09].contains(next) { at += 1 }
        }

        mutating func take(_ text: String) -> Bool {
            guard bytes[at...].starts(with: text.utf8) else { return false }
            at += text.utf8.count
            return true
        }

        mutating func value() throws -> JSON {
            skipSpace()
            switch next {
            case UInt8(ascii: "{"):
                return .object(Dictionary(uniqueKeysWithValues: try items(until: "}") { reader in
                    reader.skipSpace()
                    let name = try reader.string()
                    reader.skipSpace()
                    guard reader.take(":") else { throw reader.malformed }
                    return (name, try reader.value())
                }))
            case UInt8(ascii: "["): return .array(try items(until: "]") { try $0.value() })
            case UInt8(ascii: "\""): return .string(try string())
            default: return try word()
            }
        }

        mutating func items<T>(
            until end: String, _ item: (inout Reader) throws -> T
        ) throws -> [T] {
            at += 1
            skipSpace()
            var all: [T] = []
            if take(end) { return all }
            while true {
                all.append(try item(&self))
                skipSpace()
                if take(end) { return all }
                guard take(",") else { throw malformed }
            }
        }

        mutating func word() throws -> JSON {
            if take("null") { return .null }
            if take("true") { return .bool(true) }
            if take("false") { return .bool(false) }
            let number = bytes[at...].prefix { "+-.eE0123456789".utf8.contains($0) }
            let text = String(decoding: number, as: UTF8.self)
            at += number.count
            if let whole = Int64(text) { return .number(whole) }
            guard let decimal = Double(text) else { throw malformed }
            return .decimal(decimal)
        }

        mutating func string() throws -> String {
            guard take("\"") else { throw malformed }
            var out: [UInt8] = []
            while next != UInt8(ascii: "\"") {
                guard next >= 0x20 else { throw malformed }
                if next == UInt8(ascii: "\\") {
                    out += try escape().utf8
                } else {
                    out.append(next)
                    at += 1
                }
            }
            at += 1
            return String(decoding: out, as: UTF8.self)
        }

        mutating func escape() throws -> String {
            at += 1
            let letter = next
            at += 1
            switch letter {
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "f"): return "\u{c}"
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "u"):
                var units = [try unit()]
                if UTF16.isLeadSurrogate(units[0]) {
                    guard take("\\u") else { throw malformed }
                    units.append(try unit())
                }
                return String(decoding: units, as: UTF16.self)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
                return String(decoding: [letter], as: UTF8.self)
            default: throw malformed
            }
        }

        mutating func unit() throws -> UInt16 {
            let digits = String(decoding: bytes[at...].prefix(4), as: UTF8.self)
            at += 4
            guard digits.count == 4, let unit = UInt16(digits, radix: 16) else { throw malformed }
            return unit
        }
    }
}
