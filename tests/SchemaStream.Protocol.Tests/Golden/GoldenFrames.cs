using System.Runtime.CompilerServices;

namespace SchemaStream.Protocol.Tests.Golden;

/// <summary>A request as a client that no one here wrote sent it: header and body, without the length before them.</summary>
internal sealed record GoldenFrame(string Client, ApiDefinition Api, short Version, byte[] Bytes)
{
    public (RequestHeader Header, IRequestMessage Request, int BytesLeft) Decode()
    {
        var reader = new KafkaReader(Bytes);
        var header = RequestHeader.Read(ref reader, Api.RequestHeaderVersion(Version));
        var request = Api.NewRequest();
        request.Read(ref reader, Version);
        return (header, request, reader.Remaining);
    }

    public byte[] Encode(RequestHeader header, IRequestMessage request)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        header.Write(ref writer, Api.RequestHeaderVersion(Version));
        request.Write(ref writer, Version);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}

/// <summary>The captured frames beside this file: <c>client-Api-vN.hex</c>.</summary>
internal static class GoldenFrames
{
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder(), "*.hex").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static GoldenFrame Get(string name)
    {
        var (versionAt, apiAt) = (name.LastIndexOf("-v", StringComparison.Ordinal), name.LastIndexOf('-', name.LastIndexOf("-v", StringComparison.Ordinal) - 1));
        var api = MessageCatalog.All.Single(candidate => candidate.Name == name[(apiAt + 1)..versionAt]);
        var version = short.Parse(name[(versionAt + 2)..], System.Globalization.CultureInfo.InvariantCulture);
        var hex = File.ReadAllText(Path.Combine(Folder(), name + ".hex")).Replace("\n", "", StringComparison.Ordinal);
        return new GoldenFrame(name[..apiAt], api, version, Convert.FromHexString(hex));
    }

    private static string Folder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;
}
