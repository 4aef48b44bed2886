using System.Globalization;
using System.Text;

namespace SchemaStream.Protobuf.Tests.Compatibility;

/// <summary>A schema that can be changed at random: three messages, of which one imports a fourth, and an enum.</summary>
internal sealed class SchemaModel
{
    public const string EnumType = "Kind";

    public const string SharedType = "Shared";

    /// <summary>The messages of the file; a field is of a later message only, so that data ends.</summary>
    public List<MessageModel> Messages { get; init; } = [];

    public MessageModel Shared { get; init; } = new() { Name = SharedType };

    public SortedDictionary<int, string> EnumValues { get; init; } = [];

    public MessageModel Root => Messages.Single(static message => message.Name == "Root");

    public IEnumerable<MessageModel> All => Messages.Append(Shared);

    public SchemaModel Clone() => new()
    {
        Messages = [.. Messages.Select(static message => message.Clone())],
        Shared = Shared.Clone(),
        EnumValues = new SortedDictionary<int, string>(EnumValues),
    };

    public MessageModel? Find(string type) => All.FirstOrDefault(message => message.Name == type);

    /// <summary>The text of the messages within one that stands for the file; the shared one is elsewhere.</summary>
    public string Text(int index, string syntax)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"message P{index} {{\n");
        foreach (var message in Messages)
        {
            message.Write(text, message.Name, index, syntax);
        }

        text.Append(" enum Kind {");
        foreach (var (number, name) in EnumValues)
        {
            text.Append(CultureInfo.InvariantCulture, $" {name} = {number};");
        }

        return text.Append(" }\n}\n").ToString();
    }

    public string SharedText(int index, string syntax)
    {
        var text = new StringBuilder();
        Shared.Write(text, FormattableString.Invariant($"S{index}"), index, syntax);
        return text.ToString();
    }
}

internal sealed class MessageModel
{
    public required string Name { get; init; }

    public List<FieldModel> Fields { get; init; } = [];

    public MessageModel Clone() => new() { Name = Name, Fields = [.. Fields.Select(static field => field with { })] };

    public FieldModel? Find(int number) => Fields.FirstOrDefault(field => field.Number == number);

    public void Write(StringBuilder text, string name, int index, string syntax)
    {
        text.Append(CultureInfo.InvariantCulture, $" message {name} {{\n");
        foreach (var field in Fields.Where(static field => field.Oneof is null))
        {
            text.Append(field.Text(index, syntax));
        }

        foreach (var oneof in Fields.Where(static field => field.Oneof is not null).GroupBy(static field => field.Oneof))
        {
            text.Append(CultureInfo.InvariantCulture, $"  oneof {oneof.Key} {{\n");
            foreach (var field in oneof)
            {
                text.Append(field.Text(index, syntax));
            }

            text.Append("  }\n");
        }

        text.Append(" }\n");
    }
}

/// <param name="Type">A scalar, <c>Kind</c>, or a message's name; of a map, its value's.</param>
/// <param name="Label"><c>optional</c>, <c>repeated</c>, <c>required</c>, or nothing.</param>
/// <param name="Key">Of a map, its key's type.</param>
internal sealed record FieldModel(int Number, string Name, string Type, string Label, string? Key = null, string? Oneof = null)
{
    public bool IsScalar => Key is null && (Type == SchemaModel.EnumType || char.IsLower(Type[0]));

    public bool IsRepeated => Label == "repeated";

    public string Text(int index, string syntax)
    {
        var label = Key is not null || Oneof is not null ? ""
            : syntax == "proto2" && Label.Length == 0 ? "optional"
            : syntax == "proto3" && Label == "required" ? ""
            : Label;
        var type = Type == SchemaModel.SharedType ? FormattableString.Invariant($"S{index}") : Type;
        type = Key is null ? type : $"map<{Key}, {type}>";
        return FormattableString.Invariant($"  {label} {type} {Name} = {Number};\n");
    }
}
