using System.Buffers;
using System.Text.Json;

namespace SchemaStream.Json.Types;

/// <summary>A writer of the thread, which starts anew at each output.</summary>
internal static class PooledJsonWriter
{
    [ThreadStatic]
    private static Utf8JsonWriter? _ofThread;

    /// <summary>The thread's writer; a new one where it has none of these settings, or a converter has it that serializes within.</summary>
    public static Utf8JsonWriter Rent(in JsonWriterOptions options, IBufferWriter<byte> output)
    {
        var writer = _ofThread;
        _ofThread = null;
        if (writer is null || !Same(writer.Options, in options))
        {
            return new Utf8JsonWriter(output, options);
        }

        writer.Reset(output);
        return writer;
    }

    public static void Return(Utf8JsonWriter writer)
    {
        // What a failed value left unwritten is dropped, and the output is let go.
        writer.Reset(Nowhere.Instance);
        _ofThread = writer;
    }

    private static bool Same(JsonWriterOptions own, in JsonWriterOptions wanted) =>
        ReferenceEquals(own.Encoder, wanted.Encoder) && own.Indented == wanted.Indented
        && (wanted.MaxDepth == own.MaxDepth || (wanted.MaxDepth == 0 && own.MaxDepth == 1000))
        && (!wanted.Indented || (own.IndentCharacter == wanted.IndentCharacter && own.IndentSize == wanted.IndentSize && own.NewLine == wanted.NewLine));

    private sealed class Nowhere : IBufferWriter<byte>
    {
        public static readonly Nowhere Instance = new();

        public void Advance(int count) => throw new InvalidOperationException("nothing is written here");

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new InvalidOperationException("nothing is written here");

        public Span<byte> GetSpan(int sizeHint = 0) => throw new InvalidOperationException("nothing is written here");
    }
}
