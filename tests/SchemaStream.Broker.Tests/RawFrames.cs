using System.Buffers;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Tests;

/// <summary>Requests as bytes, for tests that then do something wrong with them.</summary>
internal static class RawFrames
{
    public static byte[] Of(ApiKey apiKey, IRequestMessage request, short version, short firstFlexibleVersion)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        new RequestHeader(apiKey, version, 1, "raw").Write(ref writer, RequestHeader.VersionFor(version >= firstFlexibleVersion));
        request.Write(ref writer, version);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
