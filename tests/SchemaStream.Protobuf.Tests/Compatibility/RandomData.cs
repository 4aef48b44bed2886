using System.Globalization;
using System.Text;

namespace SchemaStream.Protobuf.Tests.Compatibility;

/// <summary>A message's data: what every field that is set holds, in order, by the field's number.</summary>
internal sealed class MessageData
{
    public SortedDictionary<int, List<object>> Fields { get; } = [];

    /// <summary>The data in protoc's text, with the names that the old schema gives.</summary>
    public void Write(StringBuilder text, MessageModel message, SchemaModel schema)
    {
        foreach (var (number, values) in Fields)
        {
            var field = message.Find(number)!;
            foreach (var value in values)
            {
                if (value is not MessageData nested)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{field.Name}: {value}\n");
                    continue;
                }

                text.Append(CultureInfo.InvariantCulture, $"{field.Name} {{\n");
                nested.Write(text, RandomData.TypeOf(field, schema), schema);
                text.Append("}\n");
            }
        }
    }
}

/// <summary>Data of an old schema, of values that both types of a field can hold.</summary>
internal sealed class RandomData(Random random, SchemaModel original, SchemaModel update)
{
    /// <summary>The message that a field's values are of; a map's are entries.</summary>
    public static MessageModel TypeOf(FieldModel field, SchemaModel schema) => field.Key is null
        ? schema.Find(field.Type)!
        : new MessageModel
        {
            Name = "entry",
            Fields = [new FieldModel(1, "key", field.Key, ""), new FieldModel(2, "value", field.Type, "")],
        };

    public MessageData Root() => Message(original.Root, update.Root);

    private MessageData Message(MessageModel message, MessageModel? updated)
    {
        var data = new MessageData();
        var set = new HashSet<string>();
        foreach (var field in message.Fields)
        {
            var isSet = message.Name == "entry" || field.Label == "required" || random.Next(4) > 0;
            if (isSet && (field.Oneof is null || set.Add(field.Oneof)))
            {
                data.Fields[field.Number] = Values(field, updated?.Find(field.Number));
            }
        }

        return data;
    }

    private List<object> Values(FieldModel field, FieldModel? updated)
    {
        // What becomes single keeps the last scalar, but merges messages.
        var isMerged = !field.IsScalar && updated is { IsRepeated: false };
        var values = new List<object>();
        for (var count = field.IsRepeated && !isMerged ? random.Next(1, 4) : 1; count > 0; count--)
        {
            values.Add(field.IsScalar
                ? Scalar(field.Type, updated?.Type ?? field.Type)
                : Message(TypeOf(field, original), TypeIn(update, updated)));
        }

        return values;
    }

    private static MessageModel? TypeIn(SchemaModel schema, FieldModel? field) =>
        field is null || field.IsScalar ? null : TypeOf(field, schema);

    private object Scalar(string type, string updated) => type switch
    {
        "bool" => "true",
        SchemaModel.EnumType => updated == "bool" ? "ONE" : original.EnumValues[Any([.. original.EnumValues.Keys.Where(static n => n > 0)])],
        "string" or "bytes" => $"\"{random.Next(1_000_000)}x\"",
        "float" or "double" => FormattableString.Invariant($"{random.Next(1, 1000)}.5"),
        _ when updated == "bool" => 1L,
        _ when type != updated => random.NextInt64(1, 100),
        "int64" or "sint64" or "sfixed64" => random.NextInt64(long.MinValue, -1),
        "uint64" or "fixed64" => random.NextInt64(1, long.MaxValue),
        "int32" or "sint32" or "sfixed32" => (long)random.Next(int.MinValue, -1),
        _ => random.NextInt64(1, uint.MaxValue),
    };

    private int Any(int[] choices) => choices[random.Next(choices.Length)];
}
