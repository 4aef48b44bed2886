using System.Text;

namespace SchemaStream.Broker.Server.Telemetry;

/// <summary>
/// The numbers in OpenTelemetry's MetricsData as clients push it: gauges, sums and histograms (as their count and sum). The
/// fields' numbers are those of opentelemetry-proto's metrics.proto. Points, names and tags are bounded; what is over is
/// counted and left out.
/// </summary>
internal sealed class OtlpReader(int maxPoints)
{
    private const int LongestName = 255;
    private const int LongestTag = 128;
    private const int MaxTags = 4;
    private const int DeltaTemporality = 1;

    private static readonly KeyValuePair<string, object?>[] NoTags = [];

    private readonly List<TelemetryPoint> _points = [];

    public IReadOnlyList<TelemetryPoint> Points => _points;

    /// <summary>Points that were left out.</summary>
    public int Dropped { get; private set; }

    /// <exception cref="FormatException">The bytes are no MetricsData.</exception>
    public void Read(ReadOnlySpan<byte> metricsData)
    {
        // MetricsData → resource_metrics (1) → scope_metrics (2) → metrics (2).
        var data = new ProtobufReader(metricsData);
        while (Next(ref data, 1, out var resourceMetrics))
        {
            var resource = new ProtobufReader(resourceMetrics);
            while (Next(ref resource, 2, out var scopeMetrics))
            {
                var scope = new ProtobufReader(scopeMetrics);
                while (Next(ref scope, 2, out var metric))
                {
                    ReadMetric(metric);
                }
            }
        }
    }

    /// <summary>The next field of bytes with the number; others are passed over.</summary>
    private static bool Next(ref ProtobufReader reader, int wanted, out ReadOnlySpan<byte> bytes)
    {
        while (reader.TryReadField(out var number, out var wireType))
        {
            if (number == wanted && wireType == ProtobufReader.Bytes)
            {
                bytes = reader.ReadBytes();
                return true;
            }

            reader.Skip(wireType);
        }

        bytes = default;
        return false;
    }

    private void ReadMetric(ReadOnlySpan<byte> metric)
    {
        string? name = null, unit = null;
        var reader = new ProtobufReader(metric);
        while (reader.TryReadField(out var number, out var wireType))
        {
            if (wireType != ProtobufReader.Bytes)
            {
                reader.Skip(wireType);
                continue;
            }

            var bytes = reader.ReadBytes();
            switch (number)
            {
                case 1:
                    name = NameOf(bytes);
                    break;
                case 3:
                    unit = bytes.Length is > 0 and <= LongestTag ? Encoding.UTF8.GetString(bytes) : null;
                    break;
                case 5:
                    ReadPoints(bytes, name, unit, isHistogram: false, isSum: false);
                    break;
                case 7:
                    ReadPoints(bytes, name, unit, isHistogram: false, isSum: true);
                    break;
                case 9:
                    ReadPoints(bytes, name, unit, isHistogram: true, isSum: true);
                    break;
                case 10 or 11:
                    Dropped++;
                    break;
            }
        }
    }

    /// <summary>data_points are field 1 of each kind, temporality is 2, is_monotonic 3; they may come in any order.</summary>
    private void ReadPoints(ReadOnlySpan<byte> data, string? name, string? unit, bool isHistogram, bool isSum)
    {
        var (temporality, isMonotonic) = (0, isHistogram);
        var fields = new ProtobufReader(data);
        while (fields.TryReadField(out var number, out var wireType))
        {
            if (wireType == ProtobufReader.Varint && number is 2 or 3)
            {
                var value = fields.ReadVarint();
                temporality = number == 2 ? (int)Math.Min(value, int.MaxValue) : temporality;
                isMonotonic |= number == 3 && value != 0;
            }
            else
            {
                fields.Skip(wireType);
            }
        }

        // Clients are asked for what came since the last push. A sum since their start is a value as of now.
        var kind = !isSum || temporality != DeltaTemporality ? TelemetryKind.Gauge
            : isMonotonic ? TelemetryKind.Counter
            : TelemetryKind.UpDownCounter;
        var points = new ProtobufReader(data);
        while (Next(ref points, 1, out var point))
        {
            if (name is null || _points.Count >= maxPoints)
            {
                Dropped++;
            }
            else if (isHistogram)
            {
                ReadHistogram(point, name, unit, kind);
            }
            else
            {
                ReadNumber(point, name, unit, kind);
            }
        }
    }

    private void ReadNumber(ReadOnlySpan<byte> point, string name, string? unit, TelemetryKind kind)
    {
        double? value = null;
        List<KeyValuePair<string, object?>>? tags = null;
        var reader = new ProtobufReader(point);
        while (reader.TryReadField(out var number, out var wireType))
        {
            switch (number, wireType)
            {
                case (4, ProtobufReader.Fixed64):
                    value = BitConverter.UInt64BitsToDouble(reader.ReadFixed64());
                    break;
                case (6, ProtobufReader.Fixed64):
                    value = (long)reader.ReadFixed64();
                    break;
                case (7, ProtobufReader.Bytes):
                    AddTag(reader.ReadBytes(), ref tags);
                    break;
                default:
                    reader.Skip(wireType);
                    break;
            }
        }

        Add(name, unit, kind, value, tags);
    }

    private void ReadHistogram(ReadOnlySpan<byte> point, string name, string? unit, TelemetryKind kind)
    {
        double? count = null, sum = null;
        List<KeyValuePair<string, object?>>? tags = null;
        var reader = new ProtobufReader(point);
        while (reader.TryReadField(out var number, out var wireType))
        {
            switch (number, wireType)
            {
                case (4, ProtobufReader.Fixed64):
                    count = reader.ReadFixed64();
                    break;
                case (5, ProtobufReader.Fixed64):
                    sum = BitConverter.UInt64BitsToDouble(reader.ReadFixed64());
                    break;
                case (9, ProtobufReader.Bytes):
                    AddTag(reader.ReadBytes(), ref tags);
                    break;
                default:
                    reader.Skip(wireType);
                    break;
            }
        }

        Add(name + ".count", null, kind, count, tags);
        Add(name + ".sum", unit, kind, sum ?? 0, tags);
    }

    private void Add(string name, string? unit, TelemetryKind kind, double? value, List<KeyValuePair<string, object?>>? tags)
    {
        // A sum that only grows has no negative steps; instruments would take them, and no one could read the result.
        if (value is not { } number || !double.IsFinite(number) || (kind == TelemetryKind.Counter && number < 0))
        {
            Dropped++;
            return;
        }

        _points.Add(new TelemetryPoint(name, unit, kind, number, tags is null ? NoTags : tags));
    }

    /// <summary>KeyValue: key (1), value (2) with string_value (1), bool_value (2), int_value (3); other values are no tags.</summary>
    private static void AddTag(ReadOnlySpan<byte> attribute, ref List<KeyValuePair<string, object?>>? tags)
    {
        string? key = null;
        object? value = null;
        var reader = new ProtobufReader(attribute);
        while (reader.TryReadField(out var number, out var wireType))
        {
            if (wireType != ProtobufReader.Bytes)
            {
                reader.Skip(wireType);
                continue;
            }

            var bytes = reader.ReadBytes();
            if (number == 1)
            {
                key = TagNameOf(bytes);
            }
            else if (number == 2)
            {
                value = ValueOf(bytes);
            }
        }

        // One label twice makes a page of metrics that no scraper takes, the broker's own numbers included.
        if (key is not null && value is not null && (tags?.Count ?? 0) < MaxTags && !(tags?.Exists(tag => tag.Key == key) ?? false))
        {
            (tags ??= []).Add(KeyValuePair.Create(key, (object?)value));
        }
    }

    private static object? ValueOf(ReadOnlySpan<byte> anyValue)
    {
        var reader = new ProtobufReader(anyValue);
        while (reader.TryReadField(out var number, out var wireType))
        {
            switch (number, wireType)
            {
                case (1, ProtobufReader.Bytes):
                    var text = reader.ReadBytes();
                    return text.Length <= LongestTag ? Encoding.UTF8.GetString(text) : null;
                case (2, ProtobufReader.Varint):
                    return reader.ReadVarint() != 0;
                case (3, ProtobufReader.Varint):
                    return (long)reader.ReadVarint();
                default:
                    reader.Skip(wireType);
                    break;
            }
        }

        return null;
    }

    /// <summary>
    /// As a label is written, so that two names do not become one later; null for what could not be one, begins as the names
    /// that scrapers keep for themselves do, or is the broker's to say.
    /// </summary>
    private static string? TagNameOf(ReadOnlySpan<byte> bytes)
    {
        if (NameOf(bytes) is not { Length: <= LongestTag } name)
        {
            return null;
        }

        var label = name.Replace('.', '_').Replace('-', '_').Replace('/', '_');
        return label == ClientMetricsSink.ClientIdTag ? null : label;
    }

    /// <summary>Null for what could not be an instrument's name.</summary>
    private static string? NameOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > LongestName || !char.IsAsciiLetter((char)bytes[0]))
        {
            return null;
        }

        foreach (var letter in bytes)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'.' or (byte)'_' or (byte)'-' or (byte)'/'))
            {
                return null;
            }
        }

        return Encoding.ASCII.GetString(bytes);
    }
}
