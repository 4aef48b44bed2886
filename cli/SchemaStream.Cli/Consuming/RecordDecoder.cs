using System.Text;
using System.Text.Json;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Formats.Primitives;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Consuming;

/// <summary>Makes JSON of keys and values, whatever they are: what cannot be understood is shown as base64.</summary>
/// <param name="registry">Where schemas are looked up; null: nowhere.</param>
/// <param name="contract">What the topic carries, where that is known.</param>
/// <param name="key">What keys are told to be.</param>
/// <param name="value">What values are told to be.</param>
/// <param name="warn">Told each reason once.</param>
internal sealed class RecordDecoder(
    RegistryClient? registry, TopicContract? contract, SlotFormat key, SlotFormat value, Action<string> warn)
{
    private const int MostReasons = 100;
    private const int MostGuids = 1000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly RegistryCodecs? _codecs = registry is null ? null : new RegistryCodecs(registry, JsonStyle.Readable);
    private readonly Dictionary<int, string> _unknown = [];
    private readonly HashSet<string> _told = [];
    private readonly Dictionary<Guid, string> _unknownGuids = [];
    private string? _unreachable;

    /// <summary>How many keys and values were shown as base64 because nothing said what they are.</summary>
    public long Undecoded { get; private set; }

    public async ValueTask<DecodedSlot> DecodeAsync(
        RecordSlot slot, byte[]? bytes, byte[]? schemaHeader, string place, CancellationToken cancellationToken)
    {
        if (bytes is null)
        {
            return DecodedSlot.Null;
        }

        var told = (slot == RecordSlot.Key ? key : value).Primitive;
        if (told is { } format)
        {
            return Primitive(format, bytes, place, slot);
        }

        var reason = "";
        if (schemaHeader is not null && SchemaHeader.FindGuid(schemaHeader) is { } guid && _codecs is not null)
        {
            var (decoded, problem) = await ByHeaderAsync(guid, schemaHeader, bytes, cancellationToken);
            if (decoded is not null)
            {
                return decoded;
            }

            reason = problem;
        }
        else if (WireFormat.FindId(bytes) is { } id)
        {
            var (codec, problem) = await CodecAsync(id, cancellationToken);
            reason = problem;
            if (codec is not null)
            {
                try
                {
                    return new DecodedSlot(codec.ToJson(bytes.AsSpan(WireFormat.PrefixLength)), SchemaFormatNames.NameOf(codec.Format), id);
                }
                catch (CodecException misfit)
                {
                    reason = $"it begins with the id of schema {id}, but is {misfit.Message}";
                }
            }
        }

        if (contract?[slot] is { } bound && !SchemaFormatNames.HasSchema(bound.Format))
        {
            return Primitive(bound.Format, bytes, place, slot);
        }

        return reason.Length == 0 && Text(bytes) is { } text ? text : Unknown(bytes, slot, place, reason);
    }

    private async ValueTask<(DecodedSlot? Slot, string Problem)> ByHeaderAsync(
        Guid guid, byte[] header, byte[] bytes, CancellationToken cancellationToken)
    {
        var (codec, problem) = await CodecAsync(guid, cancellationToken);
        if (codec is null)
        {
            return (null, problem);
        }

        try
        {
            return (new DecodedSlot(codec.ToJson(SchemaHeader.Payload(codec.Format, header, bytes)), SchemaFormatNames.NameOf(codec.Format)), "");
        }
        catch (CodecException misfit)
        {
            return (null, $"its header names schema {guid}, but it is {misfit.Message}");
        }
    }

    private async ValueTask<(ISchemaCodec? Codec, string Problem)> CodecAsync(Guid guid, CancellationToken cancellationToken)
    {
        if (_unreachable is not null)
        {
            return (null, _unreachable);
        }

        if (_unknownGuids.TryGetValue(guid, out var known))
        {
            return (null, known);
        }

        if (_unknownGuids.Count >= MostGuids)
        {
            _unknownGuids.Clear();
        }

        try
        {
            return await _codecs!.OfGuidAsync(guid, cancellationToken) is { } codec
                ? (codec, "")
                : (null, _unknownGuids[guid] = $"its header names schema {guid}, which the registry does not have");
        }
        catch (RegistryUnreachableException gone)
        {
            return (null, _unreachable = $"the schema registry cannot be reached: {gone.Message}");
        }
        catch (Exception refused) when (refused is RegistryException or CodecException)
        {
            return (null, _unknownGuids[guid] = $"its header names schema {guid}: {refused.Message}");
        }
    }

    private async ValueTask<(ISchemaCodec? Codec, string Problem)> CodecAsync(int id, CancellationToken cancellationToken)
    {
        if (_codecs is null || _unreachable is not null)
        {
            return (null, _unreachable ?? "");
        }

        if (_unknown.TryGetValue(id, out var known))
        {
            return (null, known);
        }

        try
        {
            return (await _codecs.OfIdAsync(id, cancellationToken), "");
        }
        catch (RegistryUnreachableException gone)
        {
            // Asking again for each record would make minutes of seconds.
            return (null, _unreachable = $"the schema registry cannot be reached: {gone.Message}");
        }
        catch (Exception refused) when (refused is RegistryException or CodecException)
        {
            return (null, _unknown[id] = $"it begins as with the id of schema {id}: {refused.Message}");
        }
    }

    private DecodedSlot Primitive(SchemaFormat format, byte[] bytes, string place, RecordSlot slot)
    {
        try
        {
            return new DecodedSlot(new PrimitiveCodec(format).ToJson(bytes), SchemaFormatNames.NameOf(format));
        }
        catch (CodecException misfit)
        {
            return Unknown(bytes, slot, place, misfit.Message);
        }
    }

    /// <summary>Text that a person would take for one: UTF-8 without control characters.</summary>
    private static DecodedSlot? Text(byte[] bytes)
    {
        try
        {
            var text = StrictUtf8.GetString(bytes);
            foreach (var character in text)
            {
                if (char.IsControl(character) && character is not ('\t' or '\n' or '\r'))
                {
                    return null;
                }
            }

            return new DecodedSlot(Json(writer => writer.WriteStringValue(text)), "string");
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private DecodedSlot Unknown(byte[] bytes, RecordSlot slot, string place, string reason)
    {
        Undecoded++;
        var sentence = reason.Length == 0 ? "the bytes are neither text nor begin with a schema's id" : reason;
        if (_told.Count < MostReasons && _told.Add($"{slot}{sentence}"))
        {
            warn($"the {(slot == RecordSlot.Key ? "key" : "value")} of {place} is shown as base64: {sentence}");
        }

        return new DecodedSlot(Json(writer => writer.WriteBase64StringValue(bytes)), "bytes");
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, SchemaCodecs.Writing))
        {
            write(writer);
        }

        return bytes.ToArray();
    }
}
