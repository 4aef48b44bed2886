using System.Text;
using SchemaStream.Json.Text;

namespace SchemaStream.Json.Validation;

/// <summary>The values of an <c>enum</c> or <c>const</c>: texts by their bytes, numbers by their value, others by their canonical text.</summary>
internal sealed class AllowedValues
{
    private readonly byte[][] _texts;
    private readonly JsonTokenKind _constants;
    private readonly byte[][] _plainNumbers;
    private readonly JsonNumber[] _numbers;
    private readonly HashSet<string> _compounds;

    public AllowedValues(IEnumerable<JsonValue> values)
    {
        var all = values.ToArray();
        _texts = [.. all.Where(value => value.Kind == JsonKind.String).Select(value => Encoding.UTF8.GetBytes(value.Text))];
        var numbers = all.Where(value => value.Kind == JsonKind.Number).Select(value => value.Text).ToArray();
        _plainNumbers = [.. numbers.Select(Encoding.ASCII.GetBytes)];
        _numbers = [.. numbers.Select(JsonNumber.Parse)];
        _compounds = all.Where(value => value.IsArray || value.IsObject)
            .Select(value => value.Canonical).ToHashSet(StringComparer.Ordinal);
        foreach (var value in all)
        {
            _constants |= value.Kind switch
            {
                JsonKind.Null => JsonTokenKind.Null,
                JsonKind.False => JsonTokenKind.False,
                JsonKind.True => JsonTokenKind.True,
                _ => JsonTokenKind.None,
            };
        }
    }

    public bool HasCompounds => _compounds.Count > 0;

    public bool HasConstant(JsonTokenKind kind) => (_constants & kind) != 0;

    public bool HasText(ReadOnlySpan<byte> text)
    {
        foreach (var allowed in _texts)
        {
            if (text.SequenceEqual(allowed))
            {
                return true;
            }
        }

        return false;
    }

    public bool HasNumber(ReadOnlySpan<byte> number)
    {
        foreach (var allowed in _plainNumbers)
        {
            if (number.SequenceEqual(allowed))
            {
                return true;
            }
        }

        return _numbers.Length > 0 && Array.IndexOf(_numbers, NumberLimit.Exact(number)) >= 0;
    }

    public bool HasCompound(string canonical) => _compounds.Contains(canonical);
}
