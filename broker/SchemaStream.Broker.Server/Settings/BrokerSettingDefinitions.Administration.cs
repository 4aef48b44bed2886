using static SchemaStream.Broker.Server.Settings.BrokerSettingDefinition;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Settings;

// Quotas and other things of administration.
public static partial class BrokerSettingDefinitions
{
    private static IEnumerable<BrokerSettingDefinition> QuotaRows() =>
    [
        Int(QuotaWindowNum, 11, 2, "Windows over which a client's rates are measured."),
        Int(QuotaWindowSizeSeconds, 1, 1, "Length of a window over which a client's rates are measured."),
        Int(ControllerQuotaWindowNum, 11, 2, "Windows over which a client's changes of topics are saved up."),
        Int(ControllerQuotaWindowSizeSeconds, 1, 1, "Length of a window over which a client's changes of topics are saved up."),
    ];
}
