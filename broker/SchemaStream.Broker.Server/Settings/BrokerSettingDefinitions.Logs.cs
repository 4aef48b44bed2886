using System.Globalization;
using SchemaStream.Broker.Metadata.Configs;
using static SchemaStream.Broker.Server.Settings.BrokerSettingDefinition;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Settings;

// The life of logs.
public static partial class BrokerSettingDefinitions
{
    private static IEnumerable<BrokerSettingDefinition> LogRows() =>
    [
        Boolean(LogCleanerEnable, true, "Whether the logs of compacted topics are compacted."),
        Int(LogCleanerThreads, 1, 1, "Logs that are compacted at the same time."),
        Long(LogCleanerBackoffMs, 15_000, 1, "How often logs are looked through for ones that need compaction."),
        Long(LogCleanerDedupeBufferSize, 134_217_728, 1_048_576, "Memory for the keys of the logs that are being compacted; taken as it is needed."),
        Positive(LogCleanerIoBufferLoadFactor, "0.9", "How full the memory for keys may get. Fuller takes more keys at once and longer."),
        Int(LogCleanerIoBufferSize, 524_288, 0, "Memory to read and write with, for all that are being compacted."),
        Positive(LogCleanerIoMaxBytesPerSecond, "1.7976931348623157E308", "Bytes a second that compaction reads and writes at most."),
    ];

    private static BrokerSettingDefinition Positive(string name, string value, string documentation) =>
        Text(
            name,
            ConfigType.Double,
            value,
            "a number above 0",
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0,
            documentation);
}
