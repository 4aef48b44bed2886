using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Dispatch;

/// <summary>A request's header without objects: a connection sends the same client id with every request.</summary>
internal readonly record struct RequestPrologue(
    short ApiKey, short ApiVersion, int CorrelationId, ReadOnlyMemory<byte> ClientId, int BodyStart)
{
    /// <summary>The part that is laid out the same in every version, so it can be read before the version is known to be ours.</summary>
    public static RequestPrologue ReadFixed(ReadOnlyMemory<byte> frame)
    {
        var reader = new KafkaReader(frame);
        return new RequestPrologue(
            reader.ReadInt16(nameof(ApiKey)),
            reader.ReadInt16(nameof(ApiVersion)),
            reader.ReadInt32(nameof(CorrelationId)),
            default,
            reader.Position);
    }

    /// <summary>The client id, which keeps its two-byte length in flexible headers, and their tagged fields, which are skipped.</summary>
    public RequestPrologue ReadRest(ReadOnlyMemory<byte> frame, bool flexible)
    {
        var reader = new KafkaReader(frame);
        reader.ReadRaw(BodyStart);
        var clientId = reader.ReadNullableStringBytes(nameof(ClientId)) ?? default;
        if (flexible)
        {
            reader.SkipTaggedFields();
        }

        return this with { ClientId = clientId, BodyStart = reader.Position };
    }
}
