using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Emit;

internal static class Conditions
{
    /// <summary>The test for <paramref name="wanted"/> among <paramref name="possible"/>; null when it always holds.</summary>
    public static string? For(VersionRange wanted, VersionRange possible)
    {
        var from = wanted.First > possible.First ? $"version >= {wanted.First}" : null;
        var to = wanted.Last < possible.Last ? $"version <= {wanted.Last}" : null;
        return from is null ? to
            : to is null ? from
            : wanted.First == wanted.Last ? $"version == {wanted.First}"
            : $"version is >= {wanted.First} and <= {wanted.Last}";
    }
}
