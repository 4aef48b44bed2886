using System.Globalization;

namespace SchemaStream.Broker.Runtime.DataDirectories;

/// <summary>
/// Whose directory this is: Kafka's file <c>meta.properties</c>, written when a directory is formatted and compared at
/// each start, so that a broker never takes another one's data for its own.
/// </summary>
internal sealed record MetaProperties(string ClusterId, int NodeId, string DirectoryId)
{
    public const string FileName = "meta.properties";

    private const int Version = 1;

    /// <summary>An id in Kafka's form: the sixteen bytes of a uuid as 22 characters.</summary>
    public static string NewId() =>
        Convert.ToBase64String(Guid.NewGuid().ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The directory's id as a uuid; empty where it has none in that form.</summary>
    public Guid DirectoryUuid
    {
        get
        {
            Span<byte> bytes = stackalloc byte[18];
            return Convert.TryFromBase64String(DirectoryId.Replace('-', '+').Replace('_', '/') + "==", bytes, out var count) && count == 16
                ? new Guid(bytes[..count], bigEndian: true)
                : Guid.Empty;
        }
    }

    public string Format() => string.Create(
        CultureInfo.InvariantCulture,
        $"cluster.id={ClusterId}\ndirectory.id={DirectoryId}\nnode.id={NodeId}\nversion={Version}\n");

    /// <param name="path">For messages.</param>
    public static MetaProperties Parse(string text, string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = line.IndexOf('=', StringComparison.Ordinal);
            if (line[0] != '#' && separator > 0)
            {
                values[line[..separator].Trim()] = line[(separator + 1)..].Trim();
            }
        }

        var version = Required("version");
        if (version != Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new DataDirectoryException($"{path}: version {Version} is expected, found {version}.");
        }

        return int.TryParse(Required("node.id"), NumberStyles.None, CultureInfo.InvariantCulture, out var nodeId)
            ? new MetaProperties(Required("cluster.id"), nodeId, values.GetValueOrDefault("directory.id", ""))
            : throw new DataDirectoryException($"{path}: node.id is not a number: {values["node.id"]}");

        string Required(string key) => values.TryGetValue(key, out var value) && value.Length > 0
            ? value
            : throw new DataDirectoryException($"{path}: {key} is missing.");
    }
}
