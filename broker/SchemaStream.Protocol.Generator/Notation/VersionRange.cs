using System.Globalization;

namespace SchemaStream.Protocol.Generator.Notation;

/// <summary>Versions from <see cref="First"/> to <see cref="Last"/>, both included; empty when First is above Last.</summary>
internal readonly record struct VersionRange(short First, short Last)
{
    public static readonly VersionRange All = new(0, short.MaxValue);

    public static readonly VersionRange None = new(short.MaxValue, 0);

    public bool IsEmpty => First > Last;

    public bool Contains(int version) => version >= First && version <= Last;

    public bool Contains(VersionRange other) => other.IsEmpty || (First <= other.First && Last >= other.Last);

    public VersionRange Intersect(VersionRange other) =>
        new(Math.Max(First, other.First), Math.Min(Last, other.Last));

    /// <summary>The smallest range that holds both.</summary>
    public VersionRange Hull(VersionRange other) =>
        IsEmpty ? other : other.IsEmpty ? this : new(Math.Min(First, other.First), Math.Max(Last, other.Last));

    /// <summary>Reads <c>3</c>, <c>3-7</c> or <c>3+</c>.</summary>
    public static bool TryParse(string text, out VersionRange range)
    {
        range = None;
        if (text.EndsWith("+", StringComparison.Ordinal))
        {
            var open = TryNumber(text.Substring(0, text.Length - 1), out var from);
            range = new VersionRange(from, short.MaxValue);
            return open;
        }

        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            var single = TryNumber(text, out var only);
            range = new VersionRange(only, only);
            return single;
        }

        var closed = TryNumber(text.Substring(0, dash), out var first) & TryNumber(text.Substring(dash + 1), out var last);
        range = new VersionRange(first, last);
        return closed && first <= last;
    }

    public override string ToString() =>
        IsEmpty ? "none" : Last == short.MaxValue ? $"{First}+" : First == Last ? $"{First}" : $"{First}-{Last}";

    private static bool TryNumber(string text, out short number) =>
        short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
