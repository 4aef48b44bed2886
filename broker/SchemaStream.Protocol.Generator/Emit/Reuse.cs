using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Emit;

/// <summary>How a message keeps its structs and lists from one use to the next: the names, and who has spares.</summary>
internal static class Reuse
{
    public const string SpareParts = "global::SchemaStream.Protocol.SpareParts";

    public const string MessageList = "global::SchemaStream.Protocol.MessageList";

    /// <summary>The C# field behind a property that holds a list or struct; others have none of their own.</summary>
    public static string? BackingField(FieldDefinition field) =>
        field.Type.IsArray || field.Type.IsStruct ? $"_{char.ToLowerInvariant(field.Name[0])}{field.Name.Substring(1)}" : null;

    public static string SparesType(string part, MessageDefinition message) => $"{SpareParts}<{part}, {message.ClassName}>";

    public static string SparesField(string part) => $"_spare{part}";

    public static string NewMethod(string part) => $"New{part}";

    public static string NewListMethod(string part) => $"New{part}List";

    /// <summary>The structs that come and go with a message's content; the others are made once and stay.</summary>
    public static IEnumerable<string> Parts(MessageDefinition message) =>
        Fields(message).Where(field => field.Type.IsStruct && (field.Type.IsArray || CSharpType.CanBeNull(field)))
            .Select(field => field.Type.Struct!)
            .Distinct();

    /// <summary>The structs of lists that come and go as a whole.</summary>
    public static bool HasLists(string part, MessageDefinition message) =>
        Fields(message).Any(field => field.Type.IsArray && field.Type.Struct == part && CSharpType.StartsAsNull(field));

    private static IEnumerable<FieldDefinition> Fields(MessageDefinition message) =>
        message.Structs.SelectMany(type => type.Fields).Concat(message.Root.Fields);
}
