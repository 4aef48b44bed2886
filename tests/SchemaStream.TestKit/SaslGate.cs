using System.Buffers;
using System.Buffers.Binary;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.TestKit;

/// <summary>Lets one connection pass once it has authenticated; before that it may ask for versions, and no more.</summary>
/// <param name="client">The connection.</param>
/// <param name="broker">The broker that answers for the versions.</param>
/// <param name="sasl">Knows the user.</param>
internal sealed class SaslGate(Stream client, Stream broker, SaslServer sasl)
{
    private const int LargestFrame = 1024 * 1024;
    private const int HeaderBytes = 10;

    /// <returns>False when the client was refused, or asked for what it may not.</returns>
    public async Task<bool> PassAsync()
    {
        while (!sasl.IsDone)
        {
            var frame = await ReadAsync(client);
            var api = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame);
            var version = BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(2));
            var correlationId = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
            if (api == ApiKey.ApiVersions)
            {
                await WriteAsync(broker, frame);
                await WriteAsync(client, WithSasl(await ReadAsync(broker), version));
                continue;
            }

            if (api is not (ApiKey.SaslHandshake or ApiKey.SaslAuthenticate))
            {
                return false;
            }

            var (answer, error) = Answer(api, frame, version);
            await WriteAsync(client, Encode(correlationId, answer, version, isFlexible: api == ApiKey.SaslAuthenticate && version >= 2));
            if (error != ErrorCode.None)
            {
                return false;
            }
        }

        return true;
    }

    private (IMessage Answer, ErrorCode Error) Answer(ApiKey api, byte[] frame, short version)
    {
        var clientId = Math.Max(BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(8)), (short)0);
        if (api == ApiKey.SaslHandshake)
        {
            var reader = new KafkaReader(frame.AsMemory(HeaderBytes + clientId));
            var handshake = new SaslHandshakeRequest();
            handshake.Read(ref reader, version);
            var shaken = sasl.Answer(handshake);
            return (shaken, shaken.ErrorCode);
        }

        // A flexible header ends with its tags, of which clients send none.
        var step = new KafkaReader(frame.AsMemory(HeaderBytes + clientId + (version >= 2 ? 1 : 0)));
        var request = new SaslAuthenticateRequest();
        request.Read(ref step, version);
        var answer = sasl.Answer(request);
        return (answer, answer.ErrorCode);
    }

    /// <summary>The broker's versions, and those of what it has not.</summary>
    private static byte[] WithSasl(byte[] frame, short version)
    {
        // One that does not know the version says so in the first, whatever was asked for.
        version = (ErrorCode)BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(4)) == ErrorCode.UnsupportedVersion ? (short)0 : version;
        var reader = new KafkaReader(frame.AsMemory(4));
        var versions = new ApiVersionsResponse();
        versions.Read(ref reader, version);
        versions.ApiKeys.RemoveAll(static api => (ApiKey)api.ApiKey is ApiKey.SaslHandshake or ApiKey.SaslAuthenticate);
        versions.ApiKeys.Add(new() { ApiKey = (short)ApiKey.SaslHandshake, MinVersion = 0, MaxVersion = 1 });
        versions.ApiKeys.Add(new() { ApiKey = (short)ApiKey.SaslAuthenticate, MinVersion = 0, MaxVersion = 2 });
        return Encode(BinaryPrimitives.ReadInt32BigEndian(frame), versions, version, isFlexible: false); // its header never has tags
    }

    private static byte[] Encode(int correlationId, IMessage answer, short version, bool isFlexible)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt32(correlationId);
        if (isFlexible)
        {
            writer.WriteInt8(0);
        }

        answer.Write(ref writer, version);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static async Task<byte[]> ReadAsync(Stream from)
    {
        var prefix = new byte[sizeof(int)];
        await from.ReadExactlyAsync(prefix);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length is < HeaderBytes or > LargestFrame)
        {
            throw new IOException($"A frame of {length} bytes is none of Kafka's");
        }

        var frame = new byte[length];
        await from.ReadExactlyAsync(frame);
        return frame;
    }

    private static async Task WriteAsync(Stream to, byte[] frame)
    {
        var whole = new byte[sizeof(int) + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(whole, frame.Length);
        frame.CopyTo(whole, sizeof(int));
        await to.WriteAsync(whole);
    }
}
