using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;
using SchemaStream.Tests.Consuming;

namespace SchemaStream.Tests.Transport;

/// <summary>A topic of text on a broker behind a front, files of certificates, and clients with the options of a test.</summary>
internal sealed class SecuredTopic : IAsyncDisposable
{
    public const string KeyPassword = "of the key";

    private static readonly Topic<string, string> Notes = SchemaStream.Topic.Primitive<string, string>("notes");

    private SecuredTopic(SecureFront front) => Front = front;

    /// <summary>Where its files lie.</summary>
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("schemastream-").FullName;

    public SecureFront Front { get; }

    public LogCollector Logs { get; } = new();

    public static async Task<SecuredTopic> StartAsync(SecureFrontOptions options, params (string Key, string Value)[] settings)
    {
        var secured = new SecuredTopic(await SecureFront.StartAsync(options, settings));
        try
        {
            await using var admin = await secured.Front.Broker.ConnectAsync();
            var made = await admin.SendAsync(
                new CreateTopicsRequest
                {
                    TimeoutMs = 10_000, Topics = [new() { Name = Notes.Name, NumPartitions = 2, ReplicationFactor = 1 }],
                },
                5).WaitAsync(TestTime.Limit);
            made.Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(Protocol.ErrorCode.None);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    public RawTopic<string, string> Topic(
        BrokerSecurityOptions security,
        ClientTransport transport = ClientTransport.Managed,
        Action<IDictionary<string, string>>? configure = null,
        string? at = null) =>
        new(at ?? Front.BootstrapServers, Notes, transport, options => options with { BrokerSecurity = security, ConfigureTransport = configure })
        {
            Logger = Logs.CreateLogger("test"),
        };

    /// <summary>Writes a text to a file and returns its path.</summary>
    public string File(string name, string text)
    {
        var path = Path.Combine(Directory, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Options that show a certificate, with what lies between it and its authority, and a key with a password.</summary>
    public BrokerSecurityOptions Showing(X509Certificate2 certificate, BrokerSecurityOptions security, params TestAuthority[] between)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return security with
        {
            CertificateFile = File("own.pem", string.Join('\n', [certificate.ExportCertificatePem(), .. between.Select(each => each.Pem)])),
            KeyFile = File("own.key", key.ExportEncryptedPkcs8PrivateKeyPem(
                KeyPassword, new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000))),
            KeyPassword = KeyPassword,
        };
    }

    /// <summary>Sends, and reads the same back as a member of a group and as a table does.</summary>
    public static async Task ShouldCarryAsync(RawTopic<string, string> topic, int count = 20)
    {
        await using (var producer = topic.Produce(new ProducerOptions { DeliveryTimeout = TestTime.Limit }))
        {
            foreach (var sent in Enumerable.Range(0, count).Select(n => producer.SendAsync($"k{n}", $"v{n}").AsTask()).ToList())
            {
                await sent.WaitAsync(TestTime.Limit);
            }
        }

        var expected = Enumerable.Range(0, count).Select(n => $"v{n}").ToList();
        await using (var consumer = topic.Consume("readers"))
        {
            (await consumer.TakeAsync(count)).Select(record => record.Value).ShouldBe(expected, ignoreOrder: true);
        }

        (await ReadAsync(topic, count)).ShouldBe(expected, ignoreOrder: true);
    }

    /// <summary>What a table reads.</summary>
    public static async Task<List<string>> ReadAsync(RawTopic<string, string> topic, int count)
    {
        await using var reader = topic.Read();
        reader.Open(new NoListener());
        var values = new List<string>();
        while (values.Count < count)
        {
            using var batch = await reader.ReadAsync(default).AsTask().WaitAsync(TestTime.Limit);
            for (var index = 0; index < batch!.Count; index++)
            {
                if (!batch.Read(index).IsEnd)
                {
                    values.Add(Encoding.UTF8.GetString(batch.Read(index).Value));
                }
            }
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        await Front.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
