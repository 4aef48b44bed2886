using System.Buffers.Binary;
using System.Text;

namespace SchemaStream.Broker.Server.Tests.Telemetry;

/// <summary>OpenTelemetry's MetricsData, written by hand.</summary>
internal static class Otlp
{
    public static byte[] MetricsData(params byte[][] metrics) =>
        Field(1, [.. Field(1, []), .. Field(2, [.. Field(1, Text(1, "scope")), .. metrics.SelectMany(metric => Field(2, metric))])]);

    public static byte[] Gauge(string name, params byte[][] points) =>
        [.. Text(1, name), .. Text(2, "what it is"), .. Text(3, "ms"), .. Field(5, [.. points.SelectMany(point => Field(1, point))])];

    public static byte[] Sum(string name, int temporality, bool isMonotonic, params byte[][] points) =>
        [.. Text(1, name), .. Field(7, [.. points.SelectMany(point => Field(1, point)), 0x10, (byte)temporality, 0x18, (byte)(isMonotonic ? 1 : 0)])];

    public static byte[] Histogram(string name, ulong count, double sum) =>
        [.. Text(1, name), .. Field(9, [.. Field(1, [(4 << 3) | 1, .. Little(count), (5 << 3) | 1, .. Little(BitConverter.DoubleToUInt64Bits(sum))]), 0x10, 1])];

    public static byte[] Point(double value, params (string Key, string Value)[] tags) =>
        [(3 << 3) | 1, .. Little(12345), (4 << 3) | 1, .. Little(BitConverter.DoubleToUInt64Bits(value)), .. Tags(tags)];

    public static byte[] Point(long value, params (string Key, string Value)[] tags) =>
        [(6 << 3) | 1, .. Little((ulong)value), .. Tags(tags)];

    private static byte[] Tags((string Key, string Value)[] tags) =>
        [.. tags.SelectMany(tag => Field(7, [.. Text(1, tag.Key), .. Field(2, Text(1, tag.Value))]))];

    private static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] bytes)
    {
        var head = new List<byte> { (byte)((number << 3) | 2) };
        for (var left = bytes.Length; ; left >>= 7)
        {
            if (left < 0x80)
            {
                head.Add((byte)left);
                return [.. head, .. bytes];
            }

            head.Add((byte)(left | 0x80));
        }
    }

    private static byte[] Little(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
