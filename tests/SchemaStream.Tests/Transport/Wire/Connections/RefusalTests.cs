using SchemaStream.TestKit;
using SchemaStream.Tests.Consuming;

namespace SchemaStream.Tests.Transport.Wire.Connections;

/// <summary>
/// A broker that was never reached and does not take the client, or is not trusted, is told of at once: with its address,
/// the reason and the option to look at.
/// </summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TestAuthority _authority = TestAuthority.Create();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task AuthorityThatNobodyNamed()
    {
        using var other = TestAuthority.Create("Another");
        await using var secured = await SecuredTopic.StartAsync(new() { Certificate = other.Issue("broker", "localhost") });

        await ShouldBeToldAsync(secured.Topic(Tls(secured)), "SSL", secured.Front.BootstrapServers, "CN=Another", "BrokerSecurityOptions.AuthorityFile");
        await ShouldBeToldAsync(secured.Topic(new() { UseTls = true }), "SSL", secured.Front.BootstrapServers, "ssl.ca.location");
    }

    [Fact]
    public async Task CertificateOfAnotherHost_UnlessItsNameIsNotLookedAt()
    {
        await using var secured = await SecuredTopic.StartAsync(new() { Certificate = _authority.Issue("broker", "elsewhere.example", "10.1.2.3") });

        await ShouldBeToldAsync(
            secured.Topic(Tls(secured)), "SSL", secured.Front.BootstrapServers, "elsewhere.example, 10.1.2.3", "advertised.listeners", "VerifyHostName");

        await SecuredTopic.ShouldCarryAsync(secured.Topic(Tls(secured) with { VerifyHostName = false }));
    }

    [Fact]
    public async Task CertificateOfAnyone_WhereNothingIsChecked()
    {
        await using var secured = await SecuredTopic.StartAsync(new() { Certificate = _authority.Issue("broker", "elsewhere.example") });

        await SecuredTopic.ShouldCarryAsync(secured.Topic(
            new() { UseTls = true }, configure: settings => settings["enable.ssl.certificate.verification"] = "false"));
    }

    [Theory]
    [InlineData("TLSv1_3")]
    [InlineData("TLSv1_2")]
    public async Task BrokerThatAsksForACertificate_AndGetsNone_OrOneOfAStranger(string version)
    {
        using var strangers = TestAuthority.Create("Strangers");
        using var own = strangers.Issue("billing");
        using var certificate = _authority.Issue("broker", "localhost");
        await using var secured = await SecuredTopic.StartAsync(new());
        await using var broker = await StrictTlsServer.StartAsync(secured.Directory, certificate, _authority.Pem, version);

        var none = await ShouldBeToldAsync(
            secured.Topic(Tls(secured), at: broker.BootstrapServers), "SSL", broker.BootstrapServers, "BrokerSecurityOptions.CertificateFile");
        await ShouldBeToldAsync(
            secured.Topic(secured.Showing(own, Tls(secured)), at: broker.BootstrapServers), "SSL", broker.BootstrapServers, "KeyFile");
        none.ShouldAllBe(message => message.Contains("alert", StringComparison.Ordinal), "what the broker has said of it");
    }

    [Fact]
    public async Task BrokerThatAsksForACertificate_AndHangsUpWithoutAWord_IsGuessedAt()
    {
        await using var secured = await SecuredTopic.StartAsync(new()
        {
            Certificate = _authority.Issue("broker", "localhost"), ClientAuthority = _authority.Certificate,
        });
        await using var producer = secured.Topic(Tls(secured)).Produce(new ProducerOptions { DeliveryTimeout = TimeSpan.FromSeconds(1) });

        await Should.ThrowAsync<DeliveryException>(() => producer.SendAsync("k", "v").AsTask());

        await secured.Logs.WaitForAsync("right after the TLS handshake, as one may that asks for a client's certificate");
    }

    [Theory]
    [InlineData(SaslMechanism.Plain)]
    [InlineData(SaslMechanism.ScramSha256)]
    [InlineData(SaslMechanism.ScramSha512)]
    public async Task PasswordThatIsWrong_WhichIsNotTold(SaslMechanism mechanism)
    {
        await using var secured = await SecuredTopic.StartAsync(new() { Mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] });
        var security = new BrokerSecurityOptions { Sasl = mechanism, UserName = "ann", Password = "not-it-4711" };

        var told = await ShouldBeToldAsync(secured.Topic(security), "AUTHENTICATION", secured.Front.BootstrapServers, "as ann", "BrokerSecurityOptions.UserName");

        told.ShouldAllBe(message => !message.Contains("not-it-4711", StringComparison.Ordinal));
        secured.Logs.Lines.ShouldAllBe(line => !line.Message.Contains("not-it-4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NameThatNobodyKnows()
    {
        await using var secured = await SecuredTopic.StartAsync(new() { Mechanisms = ["SCRAM-SHA-256"] });

        await ShouldBeToldAsync(
            secured.Topic(new() { Sasl = SaslMechanism.ScramSha256, UserName = "nobody", Password = "any" }), "AUTHENTICATION", "as nobody");
    }

    [Fact]
    public async Task MechanismThatIsNotOffered_WithThoseThatAre()
    {
        await using var secured = await SecuredTopic.StartAsync(new() { Mechanisms = ["SCRAM-SHA-512", "OAUTHBEARER"] });

        await ShouldBeToldAsync(
            secured.Topic(new() { Sasl = SaslMechanism.Plain, UserName = "ann", Password = "x" }), "AUTHENTICATION",
            secured.Front.BootstrapServers, "SCRAM-SHA-512, OAUTHBEARER", "BrokerSecurityOptions.Sasl");
    }

    [Fact]
    public async Task FileWithoutACertificate_IsRefusedByName()
    {
        await using var secured = await SecuredTopic.StartAsync(new());
        var empty = new BrokerSecurityOptions { UseTls = true, AuthorityFile = secured.File("empty.pem", "nothing") };

        Should.Throw<ArgumentException>(() => secured.Topic(empty).Produce()).Message.ShouldContain("empty.pem holds no certificate in PEM");
    }

    [Fact]
    public async Task BrokerThatWasReachedBefore_IsTriedAgain_AndNothingIsLost()
    {
        using var other = TestAuthority.Create("Another");
        var right = new SecureFrontOptions { Certificate = _authority.Issue("broker", "localhost") };
        await using var secured = await SecuredTopic.StartAsync(right);
        var topic = secured.Topic(Tls(secured));
        await using var producer = topic.Produce();
        await producer.SendAsync("k", "v0", new RecordOptions { Partition = 0 }).AsTask().WaitAsync(TestTime.Limit);
        await using var reader = topic.Consume("readers");
        (await reader.TakeAsync(1)).ShouldHaveSingleItem().Value.ShouldBe("v0");

        secured.Front.Change(new() { Certificate = other.Issue("broker", "localhost") });
        var refused = secured.Front.RefusedCount;
        var sent = Enumerable.Range(1, 5).Select(n => producer.SendAsync("k", $"v{n}", new RecordOptions { Partition = 0 }).AsTask()).ToList();
        await secured.Logs.WaitForAsync("no trusted authority stands for");
        await Eventually.TrueAsync(() => secured.Front.RefusedCount > refused);
        secured.Front.Change(right);

        await Task.WhenAll(sent).WaitAsync(TestTime.Limit);
        (await reader.TakeAsync(5)).Select(record => record.Value).ShouldBe(["v1", "v2", "v3", "v4", "v5"]);
    }

    [Fact]
    public async Task ConnectionsThatAreCutOverAndOver_CostNoRecord_AndDoubleNone()
    {
        const int count = 3_000;
        await using var secured = await SecuredTopic.StartAsync(
            new() { Certificate = _authority.Issue("broker", "localhost"), Mechanisms = ["SCRAM-SHA-256"] });
        var known = new SecureFrontOptions();
        var topic = secured.Topic(Tls(secured) with { Sasl = SaslMechanism.ScramSha256, UserName = known.User, Password = known.Password });
        await using (var producer = topic.Produce(new ProducerOptions { Linger = TimeSpan.FromMilliseconds(1) }))
        {
            for (var n = 0; n < count; n++)
            {
                await producer.EnqueueAsync("k", $"{n}", new RecordOptions { Partition = 0 });
                if (n % 500 == 250)
                {
                    await Eventually.TrueAsync(() => secured.Front.Admitted.Count > n / 500);
                    secured.Front.CutAll();
                }
            }

            await producer.FlushAsync().AsTask().WaitAsync(TestTime.Limit);
        }

        (await SecuredTopic.ReadAsync(topic, count)).ShouldBe(Enumerable.Range(0, count).Select(n => $"{n}"));
    }

    /// <summary>Told to who sends, to a member of a group and to a table, and all three end without waiting for anything.</summary>
    private static async Task<List<string>> ShouldBeToldAsync(
        RawTopic<string, string> topic, string code, params string[] words)
    {
        var told = new List<string>();
        await using (var producer = topic.Produce(new ProducerOptions { DeliveryTimeout = TestTime.Limit }))
        {
            var undelivered = await Should.ThrowAsync<DeliveryException>(() => producer.SendAsync("k", "v").AsTask());
            undelivered.Failure!.Code.ShouldBe(code, undelivered.Message);
            undelivered.Failure.IsOutcomeUnknown.ShouldBeFalse();
            told.Add(undelivered.Message);
        }

        await using (var consumer = topic.Consume("readers"))
        {
            var unread = await Should.ThrowAsync<BrokerException>(() => consumer.TakeAsync(1));
            unread.Code.ShouldBe(code);
            told.Add(unread.Message);
        }

        await using (var reader = topic.Read())
        {
            reader.Open(new NoListener());
            (await Should.ThrowAsync<BrokerException>(() => reader.WaitForAssignmentAsync(default).WaitAsync(TestTime.Limit))).Code.ShouldBe(code);
            var unread = await Should.ThrowAsync<BrokerException>(() => reader.ReadAsync(default).AsTask().WaitAsync(TestTime.Limit));
            told.Add(unread.Message);
        }

        foreach (var word in words)
        {
            told.ShouldAllBe(message => message.Contains(word, StringComparison.Ordinal));
        }

        return told;
    }

    private BrokerSecurityOptions Tls(SecuredTopic secured) => new() { UseTls = true, AuthorityFile = secured.File("ca.pem", _authority.Pem) };
}
