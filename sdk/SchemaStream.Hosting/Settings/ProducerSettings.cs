using Microsoft.Extensions.Configuration;

namespace SchemaStream.Hosting.Settings;

/// <summary>
/// What configuration may say of one producer, under <c>Producers:&lt;topic&gt;</c>; what it does not say is as in
/// <see cref="ProducerOptions"/>.
/// </summary>
public sealed class ProducerSettings
{
    /// <summary>Whose acknowledgement counts.</summary>
    public Acks? Acks { get; set; }

    /// <summary>How batches are compressed.</summary>
    public CompressionType? Compression { get; set; }

    /// <summary>How long a record may wait for others to share its batch.</summary>
    public TimeSpan? Linger { get; set; }

    /// <summary>After how long an undelivered record is given up.</summary>
    public TimeSpan? DeliveryTimeout { get; set; }

    /// <summary>How many records may be pending before senders have to wait.</summary>
    public int? QueueCapacity { get; set; }

    /// <summary>How many bytes may be pending before senders have to wait.</summary>
    public long? QueueCapacityBytes { get; set; }

    /// <summary>Further settings of this producer's transport, after those of the client.</summary>
    public IDictionary<string, string> TransportSettings { get; set; } = new Dictionary<string, string>();

    /// <summary>What no configuration can say: changes the options that the producer is made with.</summary>
    public Func<ProducerOptions, ProducerOptions>? Configure { get; set; }

    internal static PartSettings<ProducerSettings> Of(IConfiguration? section, string topic, Action<ProducerSettings>? configure) => new(
        section, "Producers", topic, (text, into) => text.Check<ProducerSettings>().Know<ProducerSettings>().Usable().Bind(into), configure, Check);

    internal ProducerOptions ToOptions()
    {
        var options = new ProducerOptions();
        options = options with
        {
            Acks = Acks ?? options.Acks,
            Compression = Compression ?? options.Compression,
            Linger = Linger ?? options.Linger,
            DeliveryTimeout = DeliveryTimeout ?? options.DeliveryTimeout,
            QueueCapacity = QueueCapacity ?? options.QueueCapacity,
            QueueCapacityBytes = QueueCapacityBytes ?? options.QueueCapacityBytes,
            ConfigureTransport = NamedSettings.Adding(TransportSettings),
        };
        return Configure?.Invoke(options) ?? options;
    }

    private static void Check(SettingsRules rules, ProducerSettings settings)
    {
        rules.OneOf(nameof(Acks), settings.Acks);
        rules.OneOf(nameof(Compression), settings.Compression);
        rules.Within(nameof(Linger), settings.Linger, TimeSpan.Zero, TimeSpan.FromMinutes(15));
        rules.Within(nameof(DeliveryTimeout), settings.DeliveryTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        if (settings.Configure is null && !rules.AreNamed(
            settings.TransportSettings, "linger.ms", "queue.buffering.max.ms", "delivery.timeout.ms", "message.timeout.ms"))
        {
            var usual = new ProducerOptions();
            rules.NotLonger(
                nameof(Linger), settings.Linger ?? usual.Linger, nameof(DeliveryTimeout), settings.DeliveryTimeout ?? usual.DeliveryTimeout);
        }

        rules.OneOrMore(nameof(QueueCapacity), settings.QueueCapacity);
        rules.OneOrMore(nameof(QueueCapacityBytes), settings.QueueCapacityBytes);
    }
}
