// Runs the repertoire of Microsoft's Service Bus client against the server that is named on the command line.
// One line for each step; the exit code is the number of steps that failed.
"use strict";
const assert = require("node:assert/strict");
const { ServiceBusClient } = require("@azure/service-bus");

const client = new ServiceBusClient(process.argv[2], { retryOptions: { maxRetries: 0, timeoutInMs: 20000 } });
const sender = client.createSender("plain");
const receiver = client.createReceiver("plain");
const dead = client.createReceiver("plain", { subQueueType: "deadLetter" });
const wait = { maxWaitTimeInMs: 3000 };

async function one(from = receiver) {
  const [message] = await from.receiveMessages(1, wait);
  assert.ok(message, "no message came");
  return message;
}

async function refused(code, act) {
  await assert.rejects(act, (error) => {
    assert.equal(error.code, code, `${error.code}: ${error.message}`);
    return true;
  });
}

const steps = {
  async "send, receive and complete"() {
    await sender.sendMessages({ body: { text: "hello" }, subject: "alarm", messageId: "m-1", applicationProperties: { kind: "x" } });
    const message = await one();
    assert.deepEqual([message.body.text, message.subject, message.messageId, message.applicationProperties.kind, message.deliveryCount], ["hello", "alarm", "m-1", "x", 0]);
    assert.ok(message.sequenceNumber && message.enqueuedTimeUtc && message.lockedUntilUtc && message.lockToken);
    await receiver.completeMessage(message);
  },
  async "send an array and a batch, in order"() {
    await sender.sendMessages([1, 2, 3].map((n) => ({ body: n })));
    const batch = await sender.createMessageBatch();
    for (const n of [4, 5]) assert.ok(batch.tryAddMessage({ body: n }));
    await sender.sendMessages(batch);
    const got = [];
    while (got.length < 5) got.push(...(await receiver.receiveMessages(5 - got.length, wait)));
    assert.deepEqual(got.map((m) => m.body), [1, 2, 3, 4, 5]);
    for (const message of got) await receiver.completeMessage(message);
  },
  async "renew a lock"() {
    await sender.sendMessages({ body: "long" });
    const message = await one();
    const before = message.lockedUntilUtc.getTime();
    await new Promise((done) => setTimeout(done, 50));
    assert.ok((await receiver.renewMessageLock(message)).getTime() > before);
    await receiver.completeMessage(message);
  },
  async "abandon raises the delivery count"() {
    await sender.sendMessages({ body: "again" });
    await receiver.abandonMessage(await one());
    const message = await one();
    assert.equal(message.deliveryCount, 1);
    await receiver.completeMessage(message);
  },
  async "dead-letter with reason and description"() {
    await sender.sendMessages({ body: "poison" });
    await receiver.deadLetterMessage(await one(), { deadLetterReason: "bad", deadLetterErrorDescription: "very bad" });
    const message = await one(dead);
    assert.deepEqual([message.body, message.deadLetterReason, message.deadLetterErrorDescription, message.deadLetterSource], ["poison", "bad", "very bad", "plain"]);
    await dead.completeMessage(message);
  },
  async "defer and fetch by number"() {
    await sender.sendMessages({ body: "later" });
    const message = await one();
    await receiver.deferMessage(message);
    assert.equal((await receiver.receiveMessages(1, { maxWaitTimeInMs: 300 })).length, 0);
    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
    assert.equal(deferred.body, "later");
    await receiver.completeMessage(deferred);
  },
  async "an empty queue, and a message after it"() {
    assert.equal((await receiver.receiveMessages(5, { maxWaitTimeInMs: 300 })).length, 0);
    await sender.sendMessages({ body: "after" });
    await receiver.completeMessage(await one());
  },
  async "schedule and cancel"() {
    const [soon] = await sender.scheduleMessages({ body: "soon" }, new Date(Date.now() + 700));
    const [never] = await sender.scheduleMessages({ body: "never" }, new Date(Date.now() + 60000));
    assert.ok(soon && never);
    await sender.cancelScheduledMessages(never);
    const message = await one();
    assert.equal(message.body, "soon");
    await receiver.completeMessage(message);
  },
  async "peek takes nothing"() {
    await sender.sendMessages({ body: "seen" });
    assert.equal((await receiver.peekMessages(5))[0].body, "seen");
    await receiver.completeMessage(await one());
  },
  async "receive and delete"() {
    await sender.sendMessages({ body: "gone" });
    const taker = client.createReceiver("plain", { receiveMode: "receiveAndDelete" });
    assert.equal((await one(taker)).body, "gone");
    await taker.close();
    assert.equal((await receiver.peekMessages(1)).length, 0);
  },
  async "a lost lock is told"() {
    const hasty = client.createReceiver("hasty", { maxAutoLockRenewalDurationInMs: 0 });
    await client.createSender("hasty").sendMessages({ body: "slow" });
    const message = await one(hasty);
    await new Promise((done) => setTimeout(done, 1500));
    await refused("MessageLockLost", () => hasty.completeMessage(message));
    const again = await one(hasty);
    assert.equal(again.deliveryCount, 1);
    await hasty.completeMessage(again);
    await hasty.close();
  },
  async "the last failed delivery dead-letters"() {
    const twice = client.createReceiver("twice");
    await client.createSender("twice").sendMessages({ body: "fails" });
    for (let i = 0; i < 2; i++) await twice.abandonMessage(await one(twice));
    const grave = client.createReceiver("twice", { subQueueType: "deadLetter" });
    const message = await one(grave);
    assert.equal(message.deadLetterReason, "MaxDeliveryCountExceeded");
    await grave.completeMessage(message);
  },
  async "a stream of 200"() {
    await sender.sendMessages(Array.from({ length: 200 }, (_, n) => ({ body: n })));
    const got = [];
    const stream = client.createReceiver("plain");
    await new Promise((done, fail) => {
      stream.subscribe({ processMessage: async (m) => void (got.push(m.body) === 200 && done()), processError: async (e) => fail(e.error) }, { maxConcurrentCalls: 10 });
    });
    await stream.close();
    assert.equal(new Set(got).size, 200);
  },
  async "a subscription"() {
    const reader = client.createReceiver("reports", "customs");
    await client.createSender("reports/Subscriptions/customs").sendMessages({ body: "told" });
    const message = await one(reader);
    assert.equal(message.body, "told");
    await reader.completeMessage(message);
  },
  async "sessions: order, state, lock, taken, next"() {
    const talk = client.createSender("talks");
    await talk.sendMessages([1, 2].flatMap((n) => ["a", "b"].map((sessionId) => ({ body: n, sessionId }))));
    const a = await client.acceptSession("talks", "a");
    assert.equal(a.sessionId, "a");
    const got = [await one(a), await one(a)];
    assert.deepEqual(got.map((m) => m.body), [1, 2]);
    await a.setSessionState({ step: 2 });
    assert.deepEqual(await a.getSessionState(), { step: 2 });
    const before = a.sessionLockedUntilUtc.getTime();
    await new Promise((done) => setTimeout(done, 50));
    assert.ok((await a.renewSessionLock()).getTime() > before);
    await refused("SessionCannotBeLocked", () => client.acceptSession("talks", "a"));
    const next = await client.acceptNextSession("talks");
    assert.equal(next.sessionId, "b");
    for (const m of got) await a.completeMessage(m);
    await Promise.all([a.close(), next.close()]);
  },
  async "no such queue"() {
    await refused("MessagingEntityNotFound", () => client.createSender("nowhere").sendMessages({ body: 1 }));
  },
};

(async () => {
  let failed = 0;
  for (const [name, step] of Object.entries(steps)) {
    try {
      await Promise.race([step(), new Promise((_, late) => setTimeout(() => late(new Error("no end after 45 s")), 45000).unref())]);
      console.log(`ok ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAILED ${name}: ${error.code ?? ""} ${error.message}`.replaceAll("\n", " "));
    }
  }
  await client.close();
  process.exit(failed);
})();
