using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SchemaStream.Json.Types;

/// <summary>A writer of the thread, which starts anew at each output.</summary>
internal sealed class PooledJsonWriter
{
    [ThreadStatic]
    private static PooledJsonWriter? _ofThread;

    private readonly JsonSerializerOptions _settings;
    private bool _isRented;

    private PooledJsonWriter(JsonSerializerOptions settings, IBufferWriter<byte> output)
    {
        _settings = settings;
        Writer = new Utf8JsonWriter(output, new JsonWriterOptions
        {
            Encoder = settings.Encoder,
            Indented = settings.WriteIndented,
            IndentCharacter = settings.IndentCharacter,
            IndentSize = settings.IndentSize,
            MaxDepth = settings.MaxDepth,
            NewLine = settings.NewLine,
            SkipValidation = true,
        });
    }

    public Utf8JsonWriter Writer { get; }

    /// <summary>The thread's writer; a new one where it has other settings, or a converter has it that serializes within.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PooledJsonWriter Rent(JsonSerializerOptions settings, IBufferWriter<byte> output)
    {
        var pooled = _ofThread;
        if (pooled is null || pooled._isRented || !ReferenceEquals(pooled._settings, settings))
        {
            return Make(settings, output);
        }

        pooled.Writer.Reset(output);
        pooled._isRented = true;
        return pooled;
    }

    private static PooledJsonWriter Make(JsonSerializerOptions settings, IBufferWriter<byte> output)
    {
        var pooled = new PooledJsonWriter(settings, output) { _isRented = true };
        _ofThread = pooled;
        return pooled;
    }

    /// <summary>Gives it back. It keeps its output until the next: producers' buffers are the thread's own too.</summary>
    public void Return() => _isRented = false;
}
