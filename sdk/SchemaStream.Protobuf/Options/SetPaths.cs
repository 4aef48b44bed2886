using System.Globalization;
using SchemaStream.Protobuf.Linking;

namespace SchemaStream.Protobuf.Options;

/// <summary>Which options of one declaration are set, so that none is set twice.</summary>
internal sealed class SetPaths
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    public static string Step(string path, FieldSymbol field) =>
        path + "." + field.Proto.Number.ToString(CultureInfo.InvariantCulture);

    public bool Has(string path) => _paths.Contains(path);

    public void Add(string path) => _paths.Add(path);

    /// <summary>Adds what a message sets: <c>(a) = { b: 1 }</c> leaves no room for <c>(a).b = 2</c>.</summary>
    public void Add(string path, DynamicMessage message)
    {
        _paths.Add(path);
        foreach (var (field, values) in message.Fields)
        {
            if (field.IsRepeated)
            {
                continue;
            }

            if (values[0].Message is { } inner)
            {
                Add(Step(path, field), inner);
            }
            else
            {
                _paths.Add(Step(path, field));
            }
        }
    }
}
