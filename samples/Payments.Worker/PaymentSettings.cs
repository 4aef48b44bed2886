namespace Payments.Worker;

/// <summary>The section <c>Payments</c> of the configuration.</summary>
internal sealed class PaymentSettings
{
    /// <summary>This instance's name over restarts; two that run at once need two.</summary>
    public string Instance { get; set; } = "1";

    /// <summary>Orders above this are declined.</summary>
    public decimal Limit { get; set; } = 200;
}
