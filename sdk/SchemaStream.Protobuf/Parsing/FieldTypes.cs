using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>The words of the built-in types.</summary>
internal static class FieldTypes
{
    private static readonly Dictionary<string, Type> ByWord = new(StringComparer.Ordinal)
    {
        ["double"] = Type.Double,
        ["float"] = Type.Float,
        ["uint64"] = Type.Uint64,
        ["fixed64"] = Type.Fixed64,
        ["fixed32"] = Type.Fixed32,
        ["bool"] = Type.Bool,
        ["string"] = Type.String,
        ["group"] = Type.Group,
        ["bytes"] = Type.Bytes,
        ["uint32"] = Type.Uint32,
        ["sfixed32"] = Type.Sfixed32,
        ["sfixed64"] = Type.Sfixed64,
        ["int32"] = Type.Int32,
        ["int64"] = Type.Int64,
        ["sint32"] = Type.Sint32,
        ["sint64"] = Type.Sint64,
    };

    private static readonly Dictionary<Type, string> Words = ByWord.ToDictionary(static p => p.Value, static p => p.Key);

    public static bool TryParse(string word, out Type type) => ByWord.TryGetValue(word, out type);

    public static string Word(Type type) => Words[type];
}
