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

    /// <summary>What no configuration can say: changes the options that the producer is made with.</summary>
    public Func<ProducerOptions, ProducerOptions>? Configure { get; set; }

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
        };
        return Configure?.Invoke(options) ?? options;
    }
}
