namespace Notifications.Worker;

/// <summary>A mail server as bad as they are, and the same for the same customer: of twenty customers, three make trouble.</summary>
internal static class MailServer
{
    private const int Kinds = 20;
    private const int BusyAtFirst = 3;
    private const int BusyForever = 7;
    private const int Unknown = 11;

    /// <exception cref="MailboxBusyException">Another attempt may do better.</exception>
    /// <exception cref="NoSuchMailboxException">None will.</exception>
    public static void Send(string customer, int failedAttempts)
    {
        switch (NumberOf(customer) % Kinds)
        {
            case BusyAtFirst when failedAttempts == 0:
            case BusyForever:
                throw new MailboxBusyException($"the mailbox of {customer} is busy");
            case Unknown:
                throw new NoSuchMailboxException($"{customer} has no mailbox");
        }
    }

    private static int NumberOf(string customer) =>
        int.TryParse(customer.AsSpan(customer.LastIndexOf('-') + 1), out var number) ? number : 0;
}

internal sealed class MailboxBusyException(string message) : Exception(message);

internal sealed class NoSuchMailboxException(string message) : Exception(message);
