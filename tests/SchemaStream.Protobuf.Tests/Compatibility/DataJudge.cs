using System.Globalization;

namespace SchemaStream.Protobuf.Tests.Compatibility;

/// <summary>Whether what was written with the old schema is there when it is read with the new one.</summary>
internal sealed class DataJudge(SchemaModel original, SchemaModel update, bool closedEnums)
{
    private readonly List<string> _losses = [];

    /// <summary>What is lost, field by field; empty if nothing is.</summary>
    public static IReadOnlyList<string> Losses(
        SchemaModel original, SchemaModel update, bool closedEnums, MessageData written, TextNode read)
    {
        var judge = new DataJudge(original, update, closedEnums);
        judge.Compare("Root", original.Root, written, update.Root, read);
        return judge._losses;
    }

    private void Compare(string path, MessageModel before, MessageData written, MessageModel after, TextNode read)
    {
        foreach (var field in after.Fields.Where(static field => field.Label == "required" && field.Oneof is null))
        {
            if (!closedEnums || read.Values.ContainsKey(field.Name) || read.Messages.ContainsKey(field.Name) || IsUnknownEnum(field, written))
            {
                continue;
            }

            _losses.Add($"{path}.{field.Name} is required and missing");
        }

        foreach (var (number, values) in written.Fields)
        {
            if (after.Find(number) is { } field)
            {
                CompareField($"{path}.{field.Name}", before.Find(number)!, values, field, read);
            }
        }
    }

    private void CompareField(string path, FieldModel before, List<object> written, FieldModel after, TextNode read)
    {
        var expected = after.IsRepeated || after.Key is not null ? written : written[^1..];
        if (before.IsScalar != after.IsScalar)
        {
            _losses.Add($"{path} is a message on one side only");
        }
        else if (before.IsScalar)
        {
            var found = read.Values.GetValueOrDefault(after.Name, []).Select(value => Number(value, update)).ToArray();
            var known = expected.Select(value => Number(value.ToString()!, original)).Where(value => !IsUnknownEnum(after, value)).ToArray();
            if (!found.SequenceEqual(known))
            {
                _losses.Add($"{path}: {string.Join(',', known)} was written, {string.Join(',', found)} was read");
            }
        }
        else
        {
            CompareMessages(path, before, expected, after, read.Messages.GetValueOrDefault(after.Name, []));
        }
    }

    private void CompareMessages(string path, FieldModel before, List<object> written, FieldModel after, List<TextNode> read)
    {
        // An entry whose value the closed enum does not know is kept whole, out of sight.
        if (after.Key is not null && closedEnums && after.Type == SchemaModel.EnumType && read.Count < written.Count)
        {
            return;
        }

        if (read.Count != written.Count)
        {
            _losses.Add($"{path}: {written.Count} messages were written, {read.Count} were read");
            return;
        }

        var (oldType, newType) = (RandomData.TypeOf(before, original), RandomData.TypeOf(after, update));
        foreach (var (data, node) in written.Zip(read))
        {
            Compare(path, oldType, (MessageData)data, newType, node);
        }
    }

    private bool IsUnknownEnum(FieldModel field, MessageData written) =>
        written.Fields.TryGetValue(field.Number, out var values) && values[^1] is not MessageData
        && IsUnknownEnum(field, Number(values[^1].ToString()!, original));

    // A proto2 enum sets aside, among the unknown fields, the numbers that it has no name for.
    private bool IsUnknownEnum(FieldModel field, string value) =>
        closedEnums && field.Type == SchemaModel.EnumType
        && !update.EnumValues.ContainsKey(int.Parse(value, CultureInfo.InvariantCulture));

    /// <summary>A bool and an enum as the numbers that they are.</summary>
    private static string Number(string value, SchemaModel schema) => value switch
    {
        "true" => "1",
        "false" => "0",
        _ when schema.EnumValues.FirstOrDefault(e => e.Value == value) is { Value: not null } known =>
            known.Key.ToString(CultureInfo.InvariantCulture),
        _ => value,
    };
}
