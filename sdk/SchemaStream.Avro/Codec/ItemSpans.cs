using System.Runtime.CompilerServices;

namespace SchemaStream.Avro.Codec;

/// <summary>Spans in compiled code, where an expression cannot name the reference that an indexer returns.</summary>
internal static class ItemSpans
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count<T>(ReadOnlySpan<T> items) => items.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(ReadOnlySpan<T> items, int index) => items[index];
}
