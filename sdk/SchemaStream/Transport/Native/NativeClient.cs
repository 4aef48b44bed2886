using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Transport.Native;

/// <summary>Makes librdkafka clients from configuration, and carries their log lines to the application's log.</summary>
internal static unsafe class NativeClient
{
    private const int ProducerType = 0;
    private const int ConsumerType = 1;
    private const int EventDeliveryReport = 0x1;
    private const int EventError = 0x8;
    private const int ErrorTextBytes = 512;

    /// <summary>Receives what a client says on its own threads.</summary>
    internal interface IListener
    {
        ILogger Logger { get; }

        void OnError(int error, string reason);

        void OnRebalance(nint client, int error, NativeTopicPartitionList* partitions);

        /// <summary>One of the two above has thrown, on the thread that polls.</summary>
        void OnThrown(Exception thrown);
    }

    /// <summary>Makes a producer that reports deliveries as events on its main queue.</summary>
    /// <param name="settings">librdkafka's settings.</param>
    /// <param name="listener">Receives what the client says.</param>
    public static ClientHandle NewProducer(IReadOnlyDictionary<string, string> settings, IListener listener)
    {
        var configuration = Configure(settings);
        Librdkafka.ConfigurationSetEvents(configuration, EventDeliveryReport | EventError);
        return New(ProducerType, configuration, listener);
    }

    /// <summary>Makes a consumer that calls back for rebalances while it is polled.</summary>
    /// <param name="settings">librdkafka's settings.</param>
    /// <param name="listener">Receives what the client says.</param>
    public static ClientHandle NewConsumer(IReadOnlyDictionary<string, string> settings, IListener listener)
    {
        var configuration = Configure(settings);
        Librdkafka.ConfigurationSetRebalanceCallback(configuration, &OnRebalance);
        Librdkafka.ConfigurationSetErrorCallback(configuration, &OnError);
        return New(ConsumerType, configuration, listener);
    }

    /// <summary>An error's name without librdkafka's prefixes, such as <c>MSG_SIZE_TOO_LARGE</c>.</summary>
    public static string NameOf(int error) =>
        (Marshal.PtrToStringUTF8((nint)Librdkafka.ErrorName(error)) ?? "UNKNOWN").TrimStart('_');

    /// <summary>An error's sentence.</summary>
    public static string TextOf(int error) => Marshal.PtrToStringUTF8((nint)Librdkafka.ErrorText(error)) ?? "unknown error";

    /// <summary>Throws if a call failed.</summary>
    /// <param name="error">What it returned.</param>
    /// <param name="doing">What was tried, for the message.</param>
    public static void Demand(int error, string doing)
    {
        if (error != NativeErrors.None)
        {
            throw new BrokerException(NameOf(error), $"{doing}: {TextOf(error)}");
        }
    }

    private static nint Configure(IReadOnlyDictionary<string, string> settings)
    {
        var version = NativeLibraryLoader.DemandVersion();
        var configuration = Librdkafka.ConfigurationNew();
        var error = stackalloc byte[ErrorTextBytes];
        foreach (var (name, value) in settings)
        {
            if (Librdkafka.ConfigurationSet(configuration, name, value, error, ErrorTextBytes) != 0)
            {
                Librdkafka.ConfigurationDestroy(configuration);
                throw new ArgumentException(
                    $"librdkafka {version} refuses the setting {name}={value}: {Marshal.PtrToStringUTF8((nint)error)}", nameof(settings));
            }
        }

        Librdkafka.ConfigurationSetLogCallback(configuration, &OnLog);
        return configuration;
    }

    private static ClientHandle New(int type, nint configuration, IListener listener)
    {
        var self = GCHandle.Alloc(listener);
        Librdkafka.ConfigurationSetOpaque(configuration, GCHandle.ToIntPtr(self));
        var error = stackalloc byte[ErrorTextBytes];
        var client = Librdkafka.ClientNew(type, configuration, error, ErrorTextBytes);
        if (client == 0)
        {
            self.Free();
            Librdkafka.ConfigurationDestroy(configuration);
            throw new ArgumentException(
                $"librdkafka could not make a client: {Marshal.PtrToStringUTF8((nint)error)}", nameof(configuration));
        }

        return new ClientHandle(client, self); // the configuration is now the client's
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(nint client, int level, byte* facility, byte* text)
    {
        if (client != 0 && GCHandle.FromIntPtr(Librdkafka.ClientOpaque(client)).Target is IListener listener)
        {
            try
            {
                var name = Marshal.PtrToStringUTF8((nint)facility) ?? "";
                var logLevel = NativeLines.LevelOf(LevelOf(level), name);
                if (listener.Logger.IsEnabled(logLevel))
                {
                    listener.Logger.NativeLine(logLevel, name, Marshal.PtrToStringUTF8((nint)text) ?? "");
                }
            }
            catch (Exception)
            {
                // The application's logger failed: the line is lost, but an exception must not cross native frames.
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnError(nint client, int error, byte* reason, nint opaque)
    {
        if (GCHandle.FromIntPtr(opaque).Target is IListener listener)
        {
            try
            {
                listener.OnError(error, Marshal.PtrToStringUTF8((nint)reason) ?? "");
            }
            catch (Exception thrown)
            {
                listener.OnThrown(thrown); // told once the poll returns: it must not cross native frames
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRebalance(nint client, int error, NativeTopicPartitionList* partitions, nint opaque)
    {
        if (GCHandle.FromIntPtr(opaque).Target is IListener listener)
        {
            try
            {
                listener.OnRebalance(client, error, partitions);
            }
            catch (Exception thrown)
            {
                listener.OnThrown(thrown);
            }
        }
    }

    private static LogLevel LevelOf(int syslogLevel) => syslogLevel switch
    {
        <= 2 => LogLevel.Critical,
        3 => LogLevel.Error,
        4 => LogLevel.Warning,
        5 or 6 => LogLevel.Information,
        _ => LogLevel.Debug,
    };
}
