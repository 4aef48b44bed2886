using Microsoft.Extensions.Configuration;

namespace SchemaStream.Hosting.Settings;

/// <summary>
/// What configuration may say of one transform, under <c>Transforms:&lt;group&gt;</c>; what it does not say is as in
/// <see cref="TransformOptions"/>, <see cref="TransactionOptions"/> and <see cref="ConsumerOptions"/>.
/// </summary>
public sealed class TransformSettings
{
    /// <summary>
    /// This instance's name over restarts, by which the next run ends at once what a crash has left open. Each instance needs its own;
    /// without one, what was left open ends by its <see cref="Timeout"/>.
    /// </summary>
    public string? TransactionalId { get; set; }

    /// <summary>How many records share a transaction at most.</summary>
    public int? MaxRecords { get; set; }

    /// <summary>How long the record in hand and the commit of its transaction may take when the host stops.</summary>
    public TimeSpan? DrainTimeout { get; set; }

    /// <summary>After how long the brokers abort a transaction that has not ended.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>How batches are compressed.</summary>
    public CompressionType? Compression { get; set; }

    /// <summary>How long a record may wait for others to share its batch; a commit waits for no one.</summary>
    public TimeSpan? Linger { get; set; }

    /// <summary>Where a group begins that has committed nothing yet.</summary>
    public AutoOffsetReset? AutoOffsetReset { get; set; }

    /// <summary>How the members of the group share the partitions.</summary>
    public AssignmentStrategy? AssignmentStrategy { get; set; }

    /// <summary>How long a handler may take before its member is taken for stuck.</summary>
    public TimeSpan? MaxPollInterval { get; set; }

    /// <summary>After how long without a sign of life the group gives this member's partitions to others.</summary>
    public TimeSpan? SessionTimeout { get; set; }

    /// <summary>What to do with a record that cannot be read.</summary>
    public DecodeFailureAction? DecodeFailure { get; set; }

    /// <summary>Further settings of the transport of this transform, which reads and sends, after those of the client.</summary>
    public IDictionary<string, string> TransportSettings { get; set; } = new Dictionary<string, string>();

    /// <summary>What no configuration can say: changes the options that the transform runs with.</summary>
    public Func<TransformOptions, TransformOptions>? Configure { get; set; }

    internal static PartSettings<TransformSettings> Of(IConfiguration? section, string groupId, Action<TransformSettings>? configure) => new(
        section, "Transforms", groupId, (text, into) => text.Check<TransformSettings>().Know<TransformSettings>().Usable().Bind(into), configure, Check);

    internal TransformOptions ToOptions()
    {
        var options = new TransformOptions();
        options = options with
        {
            MaxRecords = MaxRecords ?? options.MaxRecords,
            DrainTimeout = DrainTimeout ?? options.DrainTimeout,
            Transactions = options.Transactions with
            {
                Timeout = Timeout ?? options.Transactions.Timeout,
                Compression = Compression ?? options.Transactions.Compression,
                Linger = Linger ?? options.Transactions.Linger,
                ConfigureTransport = NamedSettings.Adding(TransportSettings),
            },
            Reading = options.Reading with
            {
                AutoOffsetReset = AutoOffsetReset ?? options.Reading.AutoOffsetReset,
                AssignmentStrategy = AssignmentStrategy ?? options.Reading.AssignmentStrategy,
                MaxPollInterval = MaxPollInterval ?? options.Reading.MaxPollInterval,
                SessionTimeout = SessionTimeout ?? options.Reading.SessionTimeout,
                DecodeFailure = DecodeFailure?.ToPolicy() ?? options.Reading.DecodeFailure,
                ConfigureTransport = NamedSettings.Adding(TransportSettings),
            },
        };
        return Configure?.Invoke(options) ?? options;
    }

    private static void Check(SettingsRules rules, TransformSettings settings)
    {
        rules.OneOrMore(nameof(MaxRecords), settings.MaxRecords);
        rules.Within(nameof(DrainTimeout), settings.DrainTimeout, TimeSpan.Zero, TimeSpan.FromDays(1));
        rules.Within(nameof(Timeout), settings.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        rules.OneOf(nameof(Compression), settings.Compression);
        rules.Within(nameof(Linger), settings.Linger, TimeSpan.Zero, TimeSpan.FromMinutes(15));
        rules.OneOf(nameof(AutoOffsetReset), settings.AutoOffsetReset);
        rules.OneOf(nameof(AssignmentStrategy), settings.AssignmentStrategy);
        rules.Membership(settings.MaxPollInterval, settings.SessionTimeout, settings.TransportSettings, isChanged: settings.Configure is not null);
        rules.OneOf(nameof(DecodeFailure), settings.DecodeFailure);
    }
}
