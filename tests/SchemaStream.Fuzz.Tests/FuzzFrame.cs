using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Fuzz.Tests;

/// <summary>
/// One request as it goes over the wire, made from a number: the same number makes the same bytes. Some are right to the last
/// byte, most are right but for a few bytes, some are noise behind a header.
/// </summary>
internal sealed record FuzzFrame(ApiDefinition Api, short Version, int Seed, byte[] Bytes)
{
    /// <summary>How long a field may ask to wait and still be answered in time.</summary>
    private const int ShortWaitMs = 40;

    private static readonly byte[][] Lies =
    [
        [0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x7f, 0xff], [0xff, 0xff], [0, 0], [0x80, 0x80, 0x80],
    ];

    public static FuzzFrame Make(ApiDefinition api, short first, short last, int seed, FuzzWorld world)
    {
        var random = new Random(seed);
        var version = (short)random.Next(first, last + 1);
        var output = new ArrayBufferWriter<byte>();
        var kind = random.Next(10);
        var header = WriteHeader(output, api, version, random);
        if (kind < 1)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            output.Write(noise);
        }
        else
        {
            output.Write(Body(api, version, random, world));
        }

        var bytes = output.WrittenSpan.ToArray();
        if (kind is >= 1 and < 5)
        {
            bytes = Mutate(bytes, header, random);
        }

        return new FuzzFrame(api, version, seed, bytes);
    }

    /// <summary>Whether the broker may take its time over it: the request says so, or it waits for other members of a group.</summary>
    public bool MayWait()
    {
        if (Api.ApiKey is ApiKey.JoinGroup or ApiKey.SyncGroup)
        {
            return true;
        }

        var request = Api.NewRequest();
        try
        {
            var reader = new KafkaReader(Bytes);
            RequestHeader.Read(ref reader, Api.RequestHeaderVersion(Version));
            request.Read(ref reader, Version);
        }
        catch (ProtocolException)
        {
            return false;
        }

        return request.GetType().GetProperties().Any(
            property => RandomRequest.IsWait(property.Name)
                && Convert.ToInt64(property.GetValue(request), CultureInfo.InvariantCulture) > ShortWaitMs);
    }

    /// <summary>Whether no answer is due: a producer that wants none.</summary>
    public bool WantsNoAnswer()
    {
        if (Api.ApiKey != ApiKey.Produce)
        {
            return false;
        }

        try
        {
            var request = new ProduceRequest();
            var reader = new KafkaReader(Bytes);
            RequestHeader.Read(ref reader, Api.RequestHeaderVersion(Version));
            request.Read(ref reader, Version);
            return request.Acks == 0;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }

    public override string ToString() =>
        $"{Api.Name} v{Version}, seed {Seed}: {Convert.ToHexString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 2000)))}";

    private static int WriteHeader(ArrayBufferWriter<byte> output, ApiDefinition api, short version, Random random)
    {
        var writer = new KafkaWriter(output);
        var clientId = random.Next(4) switch { 0 => null, 1 => "", 2 => "fuzz", _ => new string('c', random.Next(300)) };
        new RequestHeader(api.ApiKey, version, FuzzClient.CorrelationId, clientId).Write(ref writer, api.RequestHeaderVersion(version));
        writer.Flush();
        return output.WrittenCount;
    }

    private static byte[] Body(ApiDefinition api, short version, Random random, FuzzWorld world)
    {
        // Which fields may be null depends on the version; the writer knows, so it is asked.
        for (var withNulls = true; ; withNulls = false)
        {
            var request = api.NewRequest();
            new RandomRequest(random, world).Fill(request, withNulls);
            try
            {
                var output = new ArrayBufferWriter<byte>();
                var writer = new KafkaWriter(output);
                request.Write(ref writer, version);
                writer.Flush();
                return output.WrittenSpan.ToArray();
            }
            catch (Exception cannot) when (withNulls && cannot is ProtocolException or NullReferenceException or ArgumentNullException or InvalidOperationException)
            {
                // Without nulls it can be written.
            }
        }
    }

    /// <summary>API key, version and correlation id stay, so that the answer can be told.</summary>
    private static byte[] Mutate(byte[] bytes, int header, Random random)
    {
        const int kept = 8;
        for (var left = random.Next(1, 5); left > 0 && bytes.Length > kept; left--)
        {
            var at = random.Next(random.Next(4) > 0 && header < bytes.Length ? header : kept, bytes.Length);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = bytes[..at];
                    break;
                case 3:
                    var lie = Lies[random.Next(Lies.Length)];
                    lie.AsSpan(0, Math.Min(lie.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                    break;
                case 4:
                    var more = new byte[random.Next(1, 20)];
                    random.NextBytes(more);
                    bytes = [.. bytes[..at], .. more, .. bytes[at..]];
                    break;
                case 5:
                    bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 9))..]];
                    break;
                default:
                    if (at + sizeof(int) <= bytes.Length)
                    {
                        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), random.Next(-3, 100_000));
                    }

                    break;
            }
        }

        return bytes;
    }
}
